import { formatTerms, termsOf } from '../../src/modules/conversations/search-terms.ts'
import { idOf, uidOf } from './people.ts'
import { createTexts } from './search-texts.ts'

/** One statement, at most one parameter. */
export type Run = (text: string, param?: string) => Promise<unknown>

const perConversation = 50
const othersCount = 50
const poolSize = 40

export interface Size {
  messages: number
  own: number
}

/**
 * So many messages, some of them of user 1 (whose texts are all different), the others' in between. Everybody has
 * conversations of 50. Terms are those that the service itself would have written.
 */
export async function addLibrary(run: Run, { messages, own }: Size): Promise<void> {
  const texts = createTexts(1)
  const others = messages - own
  const rounds = Math.max(1, own / 2000)
  const othersInRound = others / rounds
  await run(`insert into users (id, uid, email) select n, ${uidOf('n')}, 'bench' || n || '@example.com'
    from generate_series(1, ${othersCount + 1}) n`)
  const titles = Array.from({ length: own / perConversation }, (_, n) => {
    const title = texts.title()
    return { n, title, terms: formatTerms(termsOf(1, title)) }
  })
  await run(
    `insert into conversations (id, user_id, title, title_terms, created_at, last_message_at)
    select ${idOf('own', 'n')}, 1, title, terms, ${momentOf(`n * ${perConversation}::float8 / ${own}`)},
      ${momentOf(`n * ${perConversation}::float8 / ${own}`)}
    from jsonb_to_recordset($1::text::jsonb) as t(n integer, title text, terms integer[])`,
    JSON.stringify(titles),
  )
  await run(`insert into conversations (id, user_id, title, title_terms)
    select ${idOf('other', 'n')}, 2 + n % ${othersCount}, 'A talk', '{}'
    from generate_series(0, ${others / perConversation - 1}) n`)
  await run('create temporary table pool (user_id integer, nth integer, content text, terms integer[])')
  for (let user = 2; user < othersCount + 2; user++) {
    const pool = Array.from({ length: poolSize }, (_, n) => {
      const content = texts.text(20 + texts.below(60))
      return { n, content, terms: formatTerms(termsOf(user, content)) }
    })
    await run(
      `insert into pool select ${user}, * from jsonb_to_recordset($1::text::jsonb)
        as t(n integer, content text, terms integer[])`,
      JSON.stringify(pool),
    )
  }
  for (let round = 0; round < rounds; round++) {
    const count = own / rounds
    const rows = Array.from({ length: count }, (_, at) => {
      const content = texts.text(30 + texts.below(150))
      return { n: round * count + at, content, terms: formatTerms(termsOf(1, content)) }
    })
    await run(
      `insert into messages (id, conversation_id, user_id, role, content, search_terms, status, created_at)
      select ${idOf('ownmessage', 'n')}, ${idOf('own', `(n / ${perConversation})`)}, 1,
        case when n % 2 = 0 then 'user' else 'assistant' end, content, terms, 'complete',
        ${momentOf(`n::float8 / ${own}`)}
      from jsonb_to_recordset($1::text::jsonb) as t(n integer, content text, terms integer[])`,
      JSON.stringify(rows),
    )
    await run(`insert into messages (id, conversation_id, user_id, role, content, search_terms, status, created_at)
      select ${idOf('othermessage', 'n')}, ${idOf('other', `(n / ${perConversation})`)}, pool.user_id,
        'user', pool.content, pool.terms, 'complete', ${momentOf(`n::float8 / ${others}`)}
      from generate_series(${round * othersInRound}, ${(round + 1) * othersInRound - 1}) n
      join pool on pool.user_id = 2 + (n / ${perConversation}) % ${othersCount} and pool.nth = n % ${poolSize}`)
  }
}

/** Within the last year. */
function momentOf(share: string): string {
  return `now() - interval '365 days' * (1 - (${share}))`
}

/** What people look for: frequent and rare, one word and several, Chinese and English, whole and begun. */
export function wishes(): string[] {
  const { english, chinese, below } = createTexts(1)
  const kinds = [
    () => english(below(10)),
    () => english(100 + below(400)),
    () => english(5000 + below(10_000)),
    () => chinese(below(10)),
    () => chinese(100 + below(400)),
    () => chinese(2000 + below(2000)),
    () => `${english(below(50))} ${english(100 + below(400))} `,
    () => `${chinese(below(50))} ${chinese(below(400))}`,
    () => `"${english(below(20))} ${english(below(20))}"`,
    () => english(1000 + below(10_000)).slice(0, 4),
    () => english(below(1000)).slice(0, 2),
  ]
  return Array.from({ length: 330 }, (_, at) => kinds[at % kinds.length]?.() ?? '')
}
