import { type Figure, quantile } from './figure.ts'
import { fill, idOf, logInAll, type Person, tokensOf, uidOf } from './people.ts'
import { servicesEnv, startWith } from './service.ts'

const messages = 1_000_000
const longBranch = 2000
/** Every other conversation has so many messages. */
const usualBranch = 50
const conversations = 1 + (messages - longBranch) / usualBranch
/** The first of them; with the long one they hold 100,000 messages. */
const ownConversations = 1 + (100_000 - longBranch) / usualBranch
const people = 200
const tries = 300

/** Lists of somebody with 100,000 messages among a million. */
export async function lists(): Promise<Figure[]> {
  const env = await servicesEnv()
  const service = await startWith(env)
  const [person] = await tokensOf(env, await fill(env, addMessages))
  if (person === undefined) throw new Error('nobody is there')
  const ask = createAsk(service.url, person)
  const [longId, ...usualIds] = person.conversationIds
  const usual = () => usualIds[Math.floor(Math.random() * usualIds.length)]
  const figures = [
    await figure('conversations', () => ask('conversations')),
    await figure('conversations, a later page', await laterPages(ask, 'conversations')),
    await figure('conversations, 100 a page', () => ask('conversations?limit=100')),
    await figure('messages', () => ask(`conversations/${usual()}/messages`)),
    await figure('messages, last of 2,000', () => ask(`conversations/${longId}/messages`)),
    await figure('messages, an earlier page', await laterPages(ask, `conversations/${longId}/messages`)),
    await figure('messages, 100 a page', () => ask(`conversations/${longId}/messages?limit=100`)),
  ]
  await service.stop()
  return figures
}

interface Page {
  items: unknown[]
  next_cursor: string | null
}

type Ask = (path: string) => Promise<Page>

function createAsk(origin: string, { token }: Person): Ask {
  return async (path) => {
    const response = await fetch(`${origin}/api/v1/${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const page = (await response.json()) as Page
    if (page.items.length === 0) throw new Error(`${path}: nothing is there`)
    return page
  }
}

/** Asks for one of the pages behind the first, taking turns. */
async function laterPages(ask: Ask, path: string): Promise<() => Promise<Page>> {
  const cursors: string[] = []
  let cursor: string | null = (await ask(path)).next_cursor
  while (cursor !== null && cursors.length < tries) {
    cursors.push(cursor)
    cursor = (await ask(`${path}?cursor=${encodeURIComponent(cursor)}`)).next_cursor
  }
  let at = 0
  return () => ask(`${path}?cursor=${encodeURIComponent(cursors[at++ % cursors.length] ?? '')}`)
}

async function figure(what: string, ask: () => Promise<Page>): Promise<Figure> {
  for (let warming = 0; warming < 50; warming++) await ask()
  const times: number[] = []
  while (times.length < tries) {
    const begun = performance.now()
    await ask()
    times.push(performance.now() - begun)
  }
  return {
    what: `list of ${what}, p95`,
    measured: quantile(times, 0.95),
    unit: 'ms',
    reference: { what: 'p50', measured: quantile(times, 0.5) },
    goal: { is: 'at most', limit: 10, of: 'value' },
  }
}

/** As they would lie after months: what belongs to one conversation is spread over the whole table. */
async function addMessages(sql: Parameters<Parameters<typeof fill>[1]>[0]) {
  const last = `case when c = 0 then ${longBranch - 1} else ${usualBranch - 1} end`
  const message = (at: string) => idOf('message', `(${at})::bigint * 20000 + c`)
  await sql.unsafe(`set local session_replication_role = replica`)
  await sql.unsafe(`insert into users (uid, email) select ${uidOf('n')}, 'bench' || n || '@example.com'
    from generate_series(0, ${people}) n`)
  await sql.unsafe(`insert into conversations
      (id, user_id, title, current_message_id, is_pinned, is_archived, created_at, last_message_at)
    select ${idOf('conversation', 'c')}, u.id, 'Talk number ' || c, ${message(last)}, c % 100 = 1, c % 10 = 2,
      now() - interval '90 days', now() - c * interval '3 minutes'
    from generate_series(0, ${conversations - 1}) c join users u on u.uid =
      case when c < ${ownConversations} then ${uidOf('0')} else ${uidOf(`1 + c % ${people}`)} end`)
  await sql.unsafe(`insert into messages (id, conversation_id, user_id, parent_id, role, content, status, model,
      prompt_tokens, completion_tokens, is_usage_estimated, duration_ms, time_to_first_token_ms, created_at)
    select ${message('k')}, ${idOf('conversation', 'c')}, u.id, case when k > 0 then ${message('k - 1')} end,
      case when k % 2 = 0 then 'user' else 'assistant' end, repeat('What is said. ', 10 + (k + c) % 50), 'complete',
      'bench/model', 100, 200, false, 2000, 300, now() - interval '90 days' + k * interval '1 minute'
    from generate_series(0, ${longBranch - 1}) k
    join generate_series(0, ${conversations - 1}) c on c = 0 or k < ${usualBranch}
    join users u on u.uid = case when c < ${ownConversations} then ${uidOf('0')} else ${uidOf(`1 + c % ${people}`)} end
    order by k, c`)
  await sql.unsafe(`set local session_replication_role = origin`)
  return logInAll(sql)
}
