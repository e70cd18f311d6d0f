import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks } from '../../support/harness.ts'
import { converse, plant, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('a search that nobody should make', (start) => {
  test('is refused for what is nothing to look for, and the field is named', async () => {
    await using at = await withTwoPeople(start, { LIMIT_SEARCH_USER: '0' })
    const { ann } = at
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const refused: [string, string][] = [
      ['', 'q'],
      ['q=', 'q'],
      ['q=%20%20', 'q'],
      ['q=%25', 'q'],
      ['q=_', 'q'],
      [`q=${encodeURIComponent('\\')}`, 'q'],
      [`q=${encodeURIComponent('"" … “”')}`, 'q'],
      [`q=${encodeURIComponent('😀👩‍👩‍👧')}`, 'q'],
      [`q=${'a'.repeat(201)}`, 'q'],
      [`q=${'a'.repeat(10_000)}`, 'q'],
      [`q=${encodeURIComponent('词'.repeat(201))}`, 'q'],
      ['q=a%00b', 'q'],
      ['q=a&limit=0', 'limit'],
      ['q=a&limit=101', 'limit'],
      ['q=a&role=system', 'role'],
      ['q=a&archived=maybe', 'archived'],
      ['q=a&from=yesterday', 'from'],
      ['q=a&to=2026-13-01', 'to'],
      ['q=a&from=1767225600', 'from'],
      ['q=a&cursor=x', 'cursor'],
      [`q=a&cursor=${encode({ at: 'now', id: '00000000-0000-7000-8000-000000000000' })}`, 'cursor'],
      [`q=a&cursor=${encode({ at: '2026-01-01T00:00:00.000000', id: "' or 1=1" })}`, 'cursor'],
    ]
    for (const [query, path] of refused) {
      const { body } = await ann.get(`/search?${query}`)
      expect([query, body]).toMatchObject([query, { status: 400, code: 'invalid_request' }])
      expect([query, body.errors[0].path]).toEqual([query, path])
    }
    const { body } = await ann.get('/search?q=a&conversation_id=none')
    expect(body).toMatchObject({ status: 404, code: 'not_found' })
  })

  test('means nothing but its letters', async () => {
    await using at = await withTwoPeople(start, { LIMIT_SEARCH_USER: '0' })
    const { ann } = at
    const talk = await converse(ann, { title: 'The only title' })
    await plant(ann, talk, { content: 'The only text: 100% of a_b, c:\\dir' })
    const found = async (q: string) => (await ann.get(`/search?q=${encodeURIComponent(q)}`)).body.items.length
    for (const q of [
      "'; drop table messages; --",
      '%only%',
      'on_y',
      'o%y',
      '100_',
      'axb',
      'c:\\\\dir',
      '.*',
      'onl[xy]',
      '(only|text)x',
      '$1',
      '{1,2}',
      '\u{202e}only\u{202e}x',
      '的'.repeat(200),
      'the '.repeat(50),
      `${'"'.repeat(199)}z`,
    ]) {
      const { status, body } = await ann.get(`/search?q=${encodeURIComponent(q)}`)
      if (q === '.*') expect(status).toBe(400)
      else
        expect([q, status, body.items.filter((item: { role: null }) => item.role !== null)]).toEqual([
          q,
          200,
          q.startsWith('the ') ? body.items.slice(0, 1) : [],
        ])
    }
    expect(await found('only')).toBe(2)
    expect(await found('100%')).toBe(1)
    expect(await found('a_b')).toBe(1)
    expect(await found('c:\\dir')).toBe(1)
  })

  test('is made by those who are logged in, and not too often', async () => {
    await using at = await withTwoPeople(start, { LIMIT_SEARCH_USER: '2/60' })
    const { ann, bob, app } = at
    expect((await app.visitor().fetch('/api/v1/search?q=a')).status).toBe(401)
    expect((await ann.get('/search?q=a')).status).toBe(200)
    expect((await ann.get('/search?q=%25')).status).toBe(400)
    expect((await ann.get('/search?q=a')).status).toBe(200)
    expect((await ann.get('/search?q=a')).body).toMatchObject({ status: 429, code: 'rate_limited' })
    expect((await bob.get('/search?q=a')).status).toBe(200)
  })

  test('is given up when the database takes too long', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    await app.deps.db.transaction(async (tx) => {
      await tx.execute(sql`lock table messages in access exclusive mode`)
      const { body } = await ann.get('/search?q=anything')
      expect(body).toMatchObject({ status: 503, code: 'dependency_down' })
      if (app.config.database !== null) expect(body.detail).toContain('took too long')
    })
    expect((await ann.get('/search?q=anything')).status).toBe(200)
  })
})
