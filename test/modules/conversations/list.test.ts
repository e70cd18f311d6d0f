import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks } from '../../support/harness.ts'
import { converse, type Person, plant, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

/** Titles of one page and where the next begins. */
async function page(person: Person, query: string): Promise<{ titles: string[]; next: string | null }> {
  const { status, body } = await person.get(`/conversations?${query}`)
  expect(status).toBe(200)
  return { titles: body.items.map((item: { title: string }) => item.title), next: body.next_cursor }
}

/** All pages. `between` happens after the first. */
async function turnPages(
  person: Person,
  query: string,
  between?: () => Promise<unknown>,
): Promise<string[][]> {
  const pages: string[][] = []
  let cursor = ''
  do {
    const { titles, next } = await page(person, `${query}&cursor=${cursor}`)
    pages.push(titles)
    if (pages.length === 1) await between?.()
    cursor = next ?? ''
  } while (cursor !== '')
  return pages
}

async function converseMany(person: Person, titles: string[]): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const title of titles) {
    person.app.clock.advance(1)
    ids[title] = await converse(person, { title })
  }
  return ids
}

describeOnBothStacks('the list of conversations', (start) => {
  test('the newest by last message first, pinned ones on top, page by page', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    const ids = await converseMany(ann, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    await converseMany(bob, ['not hers'])
    await plant(ann, ids.a ?? '')
    await ann.put(`/conversations/${ids.c}`, { pinned: true })
    await ann.put(`/conversations/${ids.f}`, { pinned: true })
    const all = ['f', 'c', 'a', 'g', 'e', 'd', 'b']
    expect(await turnPages(ann, '')).toEqual([all])
    expect(await turnPages(ann, 'limit=1')).toEqual(all.map((title) => [title]))
    expect(await turnPages(ann, 'limit=3')).toEqual([['f', 'c', 'a'], ['g', 'e', 'd'], ['b']])
    expect(await turnPages(ann, 'limit=7')).toEqual([all])
    expect(await turnPages(bob, '')).toEqual([['not hers']])
  })

  test('30 to a page, 100 at most', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    await app.deps.db.execute(sql`
      insert into conversations (id, user_id, title)
      select gen_random_uuid(), ${ann.userId}, 'x' from generate_series(1, 150)`)
    const lengths = async (query: string) => (await turnPages(ann, query)).map(({ length }) => length)
    expect(await lengths('')).toEqual([30, 30, 30, 30, 30])
    expect(await lengths('limit=100')).toEqual([100, 50])
  })

  test('moments that differ by microseconds, or not at all, hide nothing', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    await app.deps.db.execute(sql`
      insert into conversations (id, user_id, title, last_message_at)
      select gen_random_uuid(), ${ann.userId}, n::text,
        '2026-01-01T00:00:00.000001Z'::timestamptz + (n / 5) * interval '1 microsecond'
      from generate_series(0, 49) as n`)
    const titles = (await turnPages(ann, 'limit=3')).flat()
    expect(titles.map((title) => Math.floor(Number(title) / 5))).toEqual(
      Array.from({ length: 50 }, (_, n) => 9 - Math.floor(n / 5)),
    )
    expect(new Set(titles).size).toBe(50)
  })

  test('what happens between two pages shows nothing twice and hides nothing that stayed', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const ids = await converseMany(ann, ['a', 'b', 'c', 'd', 'e', 'f'])
    const pages = await turnPages(ann, 'limit=2', async () => {
      await converseMany(ann, ['new'])
      await plant(ann, ids.f ?? '')
      await ann.delete(`/conversations/${ids.c}`)
      // The very one at which the page ended.
      await ann.delete(`/conversations/${ids.e}`)
    })
    expect(pages).toEqual([['f', 'e'], ['d', 'b'], ['a']])
    expect(await turnPages(ann, '')).toEqual([['f', 'new', 'd', 'b', 'a']])
  })

  test('archived ones, those in the bin and temporary ones each have their place', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const ids = await converseMany(ann, ['a', 'b', 'c', 'd', 'e'])
    const temporary = await converse(ann, { title: 'hidden', temporary: true })
    await ann.post(`/conversations/${ids.a}/archive`)
    await ann.post(`/conversations/${ids.b}/archive`)
    for (const title of ['d', 'c', 'b']) {
      app.clock.advance(1)
      await ann.delete(`/conversations/${ids[title]}`)
    }
    expect(await turnPages(ann, '')).toEqual([['e']])
    expect(await turnPages(ann, 'archived=false&deleted=false')).toEqual([['e']])
    expect(await turnPages(ann, 'archived=true')).toEqual([['a']])
    expect(await turnPages(ann, 'deleted=true&limit=2')).toEqual([['b', 'c'], ['d']])
    expect(await turnPages(bob, 'deleted=true')).toEqual([[]])
    await ann.delete(`/conversations/${temporary}`)
    expect((await turnPages(ann, 'deleted=true')).flat()).not.toContain('hidden')
    expect((await ann.post(`/conversations/${ids.a}/unarchive`)).body).toMatchObject({ archived: false })
    expect(await turnPages(ann, '')).toEqual([['e', 'a']])
  })

  test('what is no cursor, no limit and no flag is refused', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    await converseMany(ann, ['a', 'b'])
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const good = {
      pinned: false,
      at: '2026-01-01T00:00:00.000000',
      id: '00000000-0000-7000-8000-000000000000',
    }
    expect((await ann.get(`/conversations?cursor=${encode(good)}`)).status).toBe(200)
    const cursors = [
      'x',
      '%00',
      'a'.repeat(600),
      encode(null),
      encode([good]),
      encode('text'),
      encode({ ...good, pinned: 'yes' }),
      encode({ ...good, id: "' or 1=1" }),
      encode({ ...good, at: 'now' }),
      encode({ ...good, at: '2026-02-31T00:00:00.000000' }),
      encode({ ...good, at: '2026-01-01T00:00:00.000000+14' }),
      encode({ ...good, at: 7 }),
      encode({ __proto__: good }),
    ]
    for (const cursor of cursors) {
      const { body } = await ann.get(`/conversations?cursor=${cursor}`)
      expect([cursor, body]).toMatchObject([cursor, { status: 400, code: 'invalid_request' }])
      expect([cursor, body.errors?.[0]?.path]).toEqual([cursor, 'cursor'])
    }
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'archived=yes', 'deleted=1']) {
      const { body } = await ann.get(`/conversations?${query}`)
      expect([query, body]).toMatchObject([query, { status: 400, code: 'invalid_request' }])
    }
  })
})
