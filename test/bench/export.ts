import { chatgptConversation } from '../support/archives.ts'
import type { Binary } from '../support/binary.ts'
import type { Figure } from './figure.ts'
import { addPeople } from './people.ts'
import { forgetPeak, peakMegabytes, residentMegabytes } from './process.ts'
import { servicesEnv, startWith } from './service.ts'

const megabytes = 200

/** A library of 10,000 messages as a file, and a file of 200 MB that becomes one. */
export async function exportAndImport(): Promise<Figure[]> {
  const env = await servicesEnv()
  const service = await startWith(env)
  const [person, other] = await addPeople(env, { people: 2, conversationsEach: 1 })
  if (person === undefined || other === undefined) throw new Error('nobody is there')
  const ask = createAsk(service)
  await ask(
    person.token,
    '/import',
    archive((size, n) => n < 500 && size >= 0, { rounds: 10, answerChars: 2000 }),
  )
  // The import has left room in memory, in which an export would not be seen.
  await service.stop()
  await service.start()
  // As a service that has been at work: what runs for the first time is compiled first.
  for (let warming = 0; warming < 3; warming++)
    await ask(person.token, `/export?ids=${await someIds(service, person.token)}`)
  const json = await ask(person.token, '/export')
  const markdown = await ask(person.token, '/export?format=markdown')
  const trial = await ask(other.token, '/import?dry_run=true', large())
  const imported = await ask(other.token, '/import', large())
  await service.stop()
  return [
    figure('export, 10,000 messages as JSON', 's', json.seconds, 3),
    figure('export, 10,000 messages as JSON, memory', 'MB', json.megabytes, 30),
    figure('export, 10,000 messages as Markdown', 's', markdown.seconds, 3),
    figure('export, 10,000 messages as Markdown, memory', 'MB', markdown.megabytes, 30),
    figure('import of 200 MB, trial run', 's', trial.seconds),
    figure('import of 200 MB', 's', imported.seconds),
    // One conversation of 16 MB, as bytes, text and objects, is what may have to be there at once.
    figure('import of 200 MB, memory', 'MB', Math.max(trial.megabytes, imported.megabytes), 100),
  ]
}

function figure(what: string, unit: 's' | 'MB', measured: number, limit?: number): Figure {
  return { what, measured, unit, ...(limit ? { goal: { is: 'at most', limit, of: 'value' } } : {}) }
}

/** Asks, and takes the answer to its end: how long that took, and how much memory the service took more than before. */
function createAsk(service: Binary) {
  return async (token: string, path: string, body?: ReadableStream) => {
    const before = residentMegabytes(service.pid)
    forgetPeak(service.pid)
    const begun = performance.now()
    const response = await fetch(`${service.url}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}` },
      ...(body ? { body } : {}),
    })
    if (!response.ok || !response.body)
      throw new Error(`${path}: ${response.status} ${await response.text()}`)
    for await (const _ of response.body);
    return {
      seconds: (performance.now() - begun) / 1000,
      megabytes: peakMegabytes(service.pid) - before,
    }
  }
}

async function someIds({ url }: Binary, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/api/v1/conversations?limit=50`, { headers })
  const { items } = (await response.json()) as { items: { id: string }[] }
  return items.map(({ id }) => id).join(',')
}

function large(): ReadableStream {
  return archive((size) => size < megabytes * 1e6, { rounds: 10, answerChars: 8000 })
}

/** `goesOn`: after so many bytes and conversations. */
function archive(
  goesOn: (size: number, n: number) => boolean,
  options: Parameters<typeof chatgptConversation>[1],
): ReadableStream {
  let size = 0
  let n = 0
  return new ReadableStream({
    pull(controller) {
      if (!goesOn(size, n)) {
        controller.enqueue(Buffer.from(']'))
        return controller.close()
      }
      const piece = Buffer.from((n === 0 ? '[' : ',') + JSON.stringify(chatgptConversation(n++, options)))
      size += piece.length
      controller.enqueue(piece)
    },
  })
}
