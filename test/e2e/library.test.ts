import { expect, setDefaultTimeout, test } from 'bun:test'
import { forgetPeak, peakMegabytes, residentMegabytes } from '../bench/process.ts'
import { type Exported, withoutIds } from '../modules/library/library.ts'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { chatgptArchive, chatgptConversation, rareWord } from '../support/archives.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { zipOf } from '../support/zip.ts'

setDefaultTimeout(180_000)

const conversations = 1000

describeOnStacks('a library, with the executable', (stack) => {
  test('comes from ChatGPT, is found, goes out to be read and to be kept, and comes back equal', async () => {
    await using app = await startBinaryOnStack(stack, { env: { BUN_JSC_forceRAMSize: '268435456' } })
    const ann = await registerPerson(app.url)
    const archive = zipOf([
      { name: 'user.json', content: '{}' },
      { name: 'conversations.json', content: [...chatgptArchive(conversations)].join('') },
    ])
    const trial = await importFile(ann, archive, '?dry_run=true')
    const report = await importFile(ann, archive)
    expect(report).toMatchObject({
      format: 'chatgpt',
      conversations: { imported: conversations, skipped: 0 },
    })
    expect(report).toEqual({ ...trial, dry_run: false })
    const found = await ann.json<{ items: object[] }>(
      'GET',
      `/api/v1/search?q=${encodeURIComponent(rareWord)}`,
    )
    expect(found.items.length).toBe(conversations / 100)
    expect(await importFile(ann, archive)).toMatchObject({
      conversations: { imported: 0, duplicates: conversations },
    })

    const markdown = await ann.fetch('/api/v1/export?format=markdown')
    expect(markdown.headers.get('x-total-conversations')).toBe(String(conversations))
    const files = Buffer.from(await markdown.arrayBuffer())
    expect(files.readUInt16LE(files.length - 12)).toBe(conversations)
    const exported = await ann.json<Exported>('GET', '/api/v1/export')
    const bob = await registerPerson(app.url)
    expect(await importFile(bob, JSON.stringify(exported))).toMatchObject({
      format: 'cloudchat',
      conversations: { imported: conversations },
      problem_count: 0,
    })
    expect(withoutIds(await bob.json<Exported>('GET', '/api/v1/export'))).toEqual(withoutIds(exported))
  })

  test('of 200 MB comes in while memory stays as it is, and what is nonsense is refused', async () => {
    await using app = await startBinaryOnStack(stack, { env: { BUN_JSC_forceRAMSize: '268435456' } })
    const ann = await registerPerson(app.url)
    expect(
      await ann.fetch('/api/v1/import', { method: 'POST', body: 'nonsense' }).then((answer) => answer.json()),
    ).toMatchObject({
      code: 'invalid_request',
      detail: 'Expected a JSON file or a ZIP archive; 0 conversations had been imported before that',
    })
    const before = residentMegabytes(app.binary.pid)
    forgetPeak(app.binary.pid)
    const events = await follow(ann, flowing(200_000_000))
    expect(events.at(-1)).toMatchObject({
      event: 'report',
      data: { conversations: { imported: 100, skipped: 0 } },
    })
    expect(events.filter(({ event }) => event === 'progress').length).toBeGreaterThan(0)
    // Two megabytes a conversation: that much text, its objects and what the collector has not seen yet.
    expect(peakMegabytes(app.binary.pid) - before).toBeLessThan(150)

    // Whoever leaves keeps what had come: whole conversations.
    const leaving = new AbortController()
    let sent = 0
    const body = flowing(200_000_000, 500, () => {
      if (++sent === 20) leaving.abort()
    })
    const bob = await registerPerson(app.url)
    await bob.fetch('/api/v1/import', { method: 'POST', body, signal: leaving.signal }).catch(() => {})
    const left = await bob.json<Exported>('GET', '/api/v1/export')
    expect(left.conversations.length).toBeLessThan(20)
    for (const { messages } of left.conversations) expect(messages.length).toBe(5)
  })
})

async function importFile(person: ApiPerson, file: string | Uint8Array, query = '') {
  const response = await person.fetch(`/api/v1/import${query}`, { method: 'POST', body: file as BodyInit })
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, unknown>
}

async function follow(person: ApiPerson, body: ReadableStream): Promise<{ event: string; data: unknown }[]> {
  const headers = { accept: 'application/x-ndjson' }
  const response = await person.fetch('/api/v1/import?dry_run=true', { method: 'POST', body, headers })
  return (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** An archive of so many bytes, of hundreds of conversations, made while it is sent. */
function flowing(bytes: number, most = 100, onPiece: () => void = () => {}): ReadableStream {
  const options = { rounds: 2, answerChars: Math.floor(bytes / most / 2 / 2.3) }
  let n = 0
  return new ReadableStream({
    pull(controller) {
      onPiece()
      if (n === most) {
        controller.enqueue(Buffer.from(']'))
        return controller.close()
      }
      controller.enqueue(
        Buffer.from((n === 0 ? '[' : ',') + JSON.stringify(chatgptConversation(n * 7 + 1, options))),
      )
      n++
    },
  })
}
