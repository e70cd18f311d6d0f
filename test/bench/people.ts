import postgres from 'postgres'
import { loadConfig } from '../../src/config.ts'
import { signAccessToken } from '../../src/lib/access-token.ts'

/** Somebody with an access token. */
export interface Person {
  token: string
  /** Each with one earlier round and a title. */
  conversationIds: string[]
}

/**
 * Writes so many people into the database of a service, past the service: one log-in costs more time than all of it.
 * `env` is what the service was started with.
 */
export async function addPeople(
  env: Record<string, string>,
  { people, conversationsEach }: { people: number; conversationsEach: number },
): Promise<Person[]> {
  const sessions = await fill(env, async (sql) => {
    await sql.unsafe(`insert into users (uid, email) select ${uidOf('n')}, 'bench' || n || '@example.com'
      from generate_series(1, ${people}) n`)
    await sql.unsafe(`insert into conversations (id, user_id, title, current_message_id)
      select ${idOf('conversation', 'c')}, u.id, 'A talk', ${idOf('answer', 'c')}
      from generate_series(1, ${people * conversationsEach}) c join users u on u.uid = ${uidOf(`c % ${people} + 1`)}`)
    await sql.unsafe(`insert into messages (id, conversation_id, user_id, parent_id, role, content, status)
      select ${idOf('question', 'c')}, id, user_id, null, 'user', 'What is the answer?', 'complete'
      from generate_series(1, ${people * conversationsEach}) c join conversations on id = ${idOf('conversation', 'c')}
      union all
      select ${idOf('answer', 'c')}, id, user_id, ${idOf('question', 'c')}, 'assistant', repeat('Forty-two. ', 50), 'complete'
      from generate_series(1, ${people * conversationsEach}) c join conversations on id = ${idOf('conversation', 'c')}`)
    return logInAll(sql)
  })
  return tokensOf(env, sessions)
}

export interface Session {
  uid: string
  sessionId: string
  conversationIds: string[]
}

/** Work on the database of a service, all in one transaction; then the planner is told what is there. */
export async function fill<T>(
  { DATABASE_URL: url = '' }: Record<string, string>,
  work: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  const sql = postgres(url, { max: 1, prepare: false, onnotice: () => {} })
  try {
    const result = await sql.begin((transaction) => work(transaction))
    await sql.unsafe('vacuum analyze')
    return result as T
  } finally {
    await sql.end()
  }
}

/** A session for everybody, used a moment ago. */
export async function logInAll(sql: postgres.TransactionSql): Promise<Session[]> {
  await sql.unsafe(`insert into sessions (id, user_id, ip, expires_at)
    select ${idOf('session', 'id')}, id, '127.0.0.1', now() + interval '1 day' from users`)
  return sql.unsafe(`select u.uid, s.id as "sessionId", array(select c.id::text from conversations c where c.user_id = u.id
    order by c.id) as "conversationIds" from users u join sessions s on s.user_id = u.id order by u.id`)
}

export function tokensOf(env: Record<string, string>, sessions: Session[]): Promise<Person[]> {
  const { secretKey } = loadConfig(env)
  const expiresAt = new Date(Date.now() + 3600_000)
  return Promise.all(
    sessions.map(async ({ uid, sessionId, conversationIds }) => ({
      token: await signAccessToken(secretKey, { uid, sessionId, expiresAt }, new Date()),
      conversationIds,
    })),
  )
}

/** SQL: the n-th UUIDv7 of a kind. As with real ones, a later one is greater. */
export function idOf(kind: string, n: string): string {
  const random = `md5('${kind}' || (${n}))`
  return `(lpad(to_hex(1760000000000 + (${n})), 12, '0') || '7' || substr(${random}, 1, 3) || '8' || substr(${random}, 4, 15))::uuid`
}

export function uidOf(n: string): string {
  return `lpad(to_hex(${n}), 12, '0')`
}
