import { type Figure, quantile } from './figure.ts'
import { addPeople, fill, type Person } from './people.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv, startWith } from './service.ts'

const tries = 300

/** From asking for the rest of an answer to its first words, each time on a connection that is there. */
export async function resume(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const live = await startTrial(modelEnv(upstream.port, 'tokens-5000-20'))
  const ended = await startTrial(modelEnv(upstream.port, 'tokens-256'))
  const figures = [
    figure('of a live turn', await timesOf(live.url, live.person, live.turnId)),
    figure('of one on another instance', await timesOf(live.otherUrl, live.person, live.turnId)),
    figure('of one that has ended', await timesOf(ended.url, ended.person, ended.turnId)),
    figure('of one that ended long ago', await timesOf(ended.otherUrl, ended.person, ended.oldTurnId)),
  ]
  await live.stop()
  await ended.stop()
  await upstream.stop()
  return figures
}

function figure(what: string, times: number[]): Figure {
  return {
    what: `resume ${what}, p95`,
    measured: quantile(times, 0.95),
    unit: 'ms',
    reference: { what: 'p50', measured: quantile(times, 0.5) },
    goal: { is: 'at most', limit: 20, of: 'value' },
  }
}

/** Two instances, a turn of the first, and one of which only the database knows. */
async function startTrial(model: Record<string, string>) {
  const env = { ...(await servicesEnv()), ...model, MAX_TURNS_PER_USER: '0' }
  const service = await startWith(env)
  const other = await startWith(env)
  const [person] = await addPeople(env, { people: 1, conversationsEach: 2 })
  if (person === undefined) throw new Error('nobody is there')
  const oldTurnId = await addOldTurn(env)
  const turnId = await ask(service.url, person)
  await Bun.sleep(1500)
  return {
    url: service.url,
    otherUrl: other.url,
    person,
    turnId,
    oldTurnId,
    async stop() {
      await other.stop()
      await service.stop()
    },
  }
}

async function addOldTurn(env: Record<string, string>): Promise<string> {
  const [row] = await fill(
    env,
    (sql) => sql<{ id: string }[]>`
      insert into turns (id, user_id, conversation_id, user_message_id, assistant_message_id, model, instance_id, state,
        last_seq, started_at, ended_at)
      select gen_random_uuid(), m.user_id, m.conversation_id, m.parent_id, m.id, 'bench/model', gen_random_uuid(),
        'complete', 40, now() - interval '1 day', now() - interval '1 day'
      from messages m where m.role = 'assistant' limit 1 returning id`,
  )
  if (row === undefined) throw new Error('no turn was added')
  return row.id
}

/** Its first words are there when this resolves. */
async function ask(origin: string, { token, conversationIds }: Person): Promise<string> {
  const response = await fetch(`${origin}/api/v1/conversations/${conversationIds[1]}/messages/stream`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ content: 'And why is that?' }),
  })
  if (!response.ok || response.body === null) {
    throw new Error(`no turn: ${response.status} ${await response.text()}`)
  }
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const turnId = /"turn_id":"([^"]+)"/.exec(text)?.[1]
    if (turnId) return turnId
  }
  throw new Error('no turn has begun')
}

async function timesOf(origin: string, person: Person, turnId: string): Promise<number[]> {
  const times: number[] = []
  for (let warming = 0; warming < 30; warming++) await timeToFirstWords(origin, person, turnId)
  while (times.length < tries) times.push(await timeToFirstWords(origin, person, turnId))
  return times
}

/** Not the opening, which comes before anything is read: the first event. */
async function timeToFirstWords(origin: string, { token }: Person, turnId: string): Promise<number> {
  const begun = performance.now()
  const response = await fetch(`${origin}/api/v1/turns/${turnId}/events`, {
    headers: { Authorization: `Bearer ${token}`, 'Last-Event-ID': '1' },
  })
  if (!response.ok || response.body === null) {
    throw new Error(`resume: ${response.status} ${await response.text()}`)
  }
  let text = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece
    if (/^id: /m.test(text)) return performance.now() - begun
  }
  throw new Error(`nothing came: ${text}`)
}
