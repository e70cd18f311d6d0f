import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { formatTerms, termsOf } from '../../../src/modules/conversations/search-terms.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { converse, type Person, type Planted, plant, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

interface Item {
  conversation_id: string
  conversation_title: string | null
  message_id: string | null
  role: string | null
  snippet: { text: string; hit: boolean }[]
  created_at: string
}

async function search(person: Person, q: string, query = ''): Promise<Item[]> {
  const { status, body } = await person.get(`/search?q=${encodeURIComponent(q)}${query}`)
  expect([q, status]).toEqual([q, 200])
  return body.items
}

/** What was found, as it was written; hits in brackets. */
async function texts(person: Person, q: string, query = ''): Promise<string[]> {
  return (await search(person, q, query)).map(marked)
}

function marked({ snippet }: Item): string {
  return snippet.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')
}

/** A message as the service writes it: with its terms. */
async function say(person: Person, conversationId: string, planted: Planted): Promise<string> {
  const id = await plant(person, conversationId, planted)
  const terms = formatTerms(termsOf(person.userId, planted.content ?? ''))
  await person.app.deps.db.execute(
    sql`update messages set search_terms = ${terms}::integer[] where id = ${id}::uuid`,
  )
  return id
}

describeOnBothStacks('search', (start) => {
  for (const isIndexed of [true, false]) {
    const put = isIndexed ? say : plant
    test(`words, phrases, beginnings and Chinese, ${isIndexed ? 'indexed' : 'not yet indexed'}`, async () => {
      await using at = await withTwoPeople(start)
      const { ann, bob } = at
      const talk = await converse(ann)
      for (const content of [
        'The quick brown fox jumps over the lazy dog.',
        'A brown and quick animal; C++ and node.js, 100% of it\nin two lines',
        '怎样优化数据库的查询性能？用 PostgreSQL 的索引。',
        'Concatenate two lists',
      ]) {
        await put(ann, talk, { content })
      }
      await put(bob, await converse(bob), { content: 'The quick brown secret of Bob, 数据库' })
      expect(await texts(ann, 'quick brown')).toEqual([
        'A [brown] and [quick] animal; C++ and node.js, 100% of it\nin two lines',
        'The [quick] [brown] fox jumps over the lazy dog.',
      ])
      expect(await texts(ann, '"quick brown"')).toEqual(['The [quick brown] fox jumps over the lazy dog.'])
      expect(await texts(ann, '"it in two"')).toHaveLength(1)
      expect(await texts(ann, '"brown quick"')).toEqual([])
      expect(await texts(ann, '"c++ and node.js"')).toHaveLength(1)
      expect(await texts(ann, '"查询性能？用 postgresql"')).toHaveLength(1)
      expect(await texts(ann, 'QUICK lazy fox')).toHaveLength(1)
      expect(await texts(ann, 'quick lazily')).toEqual([])
      expect(await texts(ann, 'dog jum')).toEqual(['The quick brown fox [jum]ps over the lazy [dog].'])
      expect(await texts(ann, 'jum dog')).toEqual([])
      expect(await texts(ann, 'cat')).toEqual([])
      expect(await texts(ann, 'concat')).toEqual(['[Concat]enate two lists'])
      expect(await texts(ann, '数据')).toEqual(['怎样优化[数据]库的查询性能？用 PostgreSQL 的索引。'])
      expect(await texts(ann, '索引 数据库 postgres')).toEqual([
        '怎样优化[数据库]的查询性能？用 [PostgreS]QL 的[索引]。',
      ])
      expect(await texts(ann, '据数')).toEqual([])
      expect(await texts(ann, '优')).toEqual(['怎样[优]化数据库的查询性能？用 PostgreSQL 的索引。'])
      expect(await texts(ann, 'c++ node.js')).toHaveLength(1)
      expect(await texts(ann, 'x')).toEqual([])
      expect(await texts(bob, 'brown')).toEqual(['The quick [brown] secret of Bob, 数据库'])
    })
  }

  test('one form of a character stands for all', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    await say(ann, await converse(ann), { content: 'ＡＩ and ÉLAN, the ﬁrst Straße' })
    expect(await texts(ann, 'ai élan first')).toEqual(['[ＡＩ] and [ÉLAN], the [ﬁrst] Straße'])
    expect(await texts(ann, 'STRAß')).toEqual(['ＡＩ and ÉLAN, the ﬁrst [Straß]e'])
  })

  test('questions, answers and titles, as the service writes and renames them', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann, { title: 'Of foxes and hedgehogs' })
    expect(await search(ann, 'hedgehogs')).toMatchObject([
      { conversation_id: id, conversation_title: 'Of foxes and hedgehogs', message_id: null, role: null },
    ])
    const asked = await ann.post(`/conversations/${id}/messages`, {
      content: 'What is a zygomorphic flower?',
    })
    expect(asked.status).toBe(200)
    const found = await search(ann, 'zygomorphic')
    expect(found.some(({ role }) => role === 'user')).toBe(true)
    const [stored] = (await ann.app.deps.db.execute<{ missing: number; answers: number }>(sql`
      select count(*) filter (where search_terms is null)::integer as missing,
        count(*) filter (where role = 'assistant' and cardinality(search_terms) > 0)::integer as answers
      from messages where conversation_id = ${id}::uuid`)) as never as { missing: number; answers: number }[]
    expect(stored).toEqual({ missing: 0, answers: 1 })
    await ann.put(`/conversations/${id}`, { title: '植物学笔记' })
    expect(await texts(ann, 'hedgehogs')).toEqual([])
    expect(await texts(ann, '植物')).toEqual(['[植物]学笔记'])
    await ann.put(`/conversations/${id}`, { title: null })
    expect(await texts(ann, '植物')).toEqual([])
  })

  test('nothing of what is deleted, temporary, or being made', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const [kept, binned, hidden] = [
      await converse(ann, { title: 'needle kept' }),
      await converse(ann, { title: 'needle binned' }),
      await converse(ann, { title: 'needle hidden', temporary: true }),
    ]
    for (const id of [kept, binned, hidden]) {
      await say(ann, id, { content: 'an indexed needle' })
      await plant(ann, id, { content: 'a plain needle' })
      await plant(ann, id, { content: 'a running needle', role: 'assistant', status: 'running' })
    }
    await ann.delete(`/conversations/${binned}`)
    for (const q of ['needle', 'n', '"needle"']) {
      const found = await search(ann, q)
      expect([q, found.length, new Set(found.map((item) => item.conversation_id))]).toEqual([
        q,
        3,
        new Set([kept]),
      ])
    }
    await ann.post(`/conversations/${binned}/restore`)
    expect(await search(ann, 'needle')).toHaveLength(6)
  })

  test('filters: conversation, role, archive, time', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const old = await converse(ann, { title: 'apple one' })
    const first = await say(ann, old, { content: 'apple asked' })
    await say(ann, old, { content: 'apple answered', role: 'assistant' })
    app.clock.advance(86_400)
    const later = await converse(ann, { title: 'apple two' })
    await say(ann, later, { content: 'apple asked again' })
    await ann.post(`/conversations/${old}/archive`)
    const count = async (query: string) => (await search(ann, 'apple', query)).length
    expect(await count('')).toBe(5)
    expect(await count(`&conversation_id=${old}`)).toBe(3)
    expect(await count(`&conversation_id=${later}&role=user`)).toBe(1)
    expect(await count('&role=assistant')).toBe(1)
    expect(await count('&role=user')).toBe(2)
    expect(await count('&archived=true')).toBe(3)
    expect(await count('&archived=false')).toBe(2)
    expect(await count('&from=2026-03-02')).toBe(2)
    expect(await count('&to=2026-03-02T00:00:00Z')).toBe(3)
    expect(await count('&from=2026-03-02&to=2026-03-02')).toBe(0)
    const [{ created_at } = { created_at: '' }] = (
      await search(ann, 'asked', `&conversation_id=${old}`)
    ).filter(({ message_id }) => message_id === first)
    expect(await count(`&from=${created_at}&to=2026-03-02&role=user`)).toBe(1)
    expect(await count(`&to=${created_at}&role=user`)).toBe(0)
    expect((await bob.get(`/search?q=apple&conversation_id=${old}`)).body.items).toEqual([])
  })

  test('the newest first, page by page, nothing twice and nothing missing', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const ids: string[] = []
    for (let n = 0; n < 8; n++) {
      const id = await converse(ann, n % 3 === 0 ? { title: `pear ${n}` } : {})
      if (n % 3 === 0) ids.push(id)
      ids.push(await (n % 2 === 0 ? say : plant)(ann, id, { content: `pear number ${n}` }))
    }
    for (const q of ['pear', 'p']) {
      for (const limit of [1, 2, 5, 11, 100]) {
        const seen: string[] = []
        let cursor = ''
        do {
          const { body } = await ann.get(`/search?q=${q}&limit=${limit}&cursor=${cursor}`)
          expect(body.items.length).toBeLessThanOrEqual(limit)
          for (const item of body.items as Item[]) seen.push(item.message_id ?? item.conversation_id)
          cursor = body.next_cursor ?? ''
        } while (cursor !== '')
        expect([q, limit, seen]).toEqual([q, limit, ids.toReversed()])
      }
    }
  })
})
