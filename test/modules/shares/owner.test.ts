import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createId } from '../../../src/lib/ids.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { hostileBodies, hostileValues } from '../../support/hostile.ts'
import {
  converse,
  type Person,
  plant,
  plantChain,
  plantTurn,
  withTwoPeople,
} from '../conversations/conversations.ts'
import { look, type Made, said, share, shareChain } from './shares.ts'

setDefaultTimeout(60_000)

const json = { 'content-type': 'application/json' }

async function listed(person: Person, query = ''): Promise<{ ids: string[]; next: string | null }> {
  const { status, body } = await person.get(`/shares?${query}`)
  expect(status).toBe(200)
  return { ids: body.items.map(({ id }: Made) => id), next: body.next_cursor }
}

describeOnBothStacks('sharing', (start) => {
  test('a link to the branch that is shown, with all that can be said of it', async () => {
    await using at = await withTwoPeople(start, { FRONTEND_BASE_URL: 'https://chat.example.com' })
    const { ann, app } = at
    const id = await converse(ann, { title: 'A talk' })
    await plantChain(ann, id, 4)
    const now = app.clock.now
    const plain = await share(ann, id)
    expect(plain).toEqual({
      id: expect.any(String),
      token: expect.stringMatching(/^[\w-]{22}$/),
      url: `https://chat.example.com/s/${plain.token}`,
      conversation_id: id,
      title: 'A talk',
      display_name: null,
      created_at: now.toISOString(),
      expires_at: null,
    })
    const full = await share(ann, id, {
      title: ' 一次谈话 ',
      display_name: ' Ann ',
      expires_in_seconds: 3600,
    })
    expect(full).toMatchObject({
      title: '一次谈话',
      display_name: 'Ann',
      expires_at: new Date(now.getTime() + 3_600_000).toISOString(),
    })
    expect(full.token).not.toBe(plain.token)
    const dated = await share(ann, id, { expires_at: '2026-06-01T14:00:00+02:00', display_name: '  ' })
    expect(dated).toMatchObject({ expires_at: '2026-06-01T12:00:00.000Z', display_name: null })
  })

  test('of a branch as it was: neither what comes later nor what is being answered', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    const [question, answer] = await plantChain(ann, id, 2)
    const other = await plant(ann, id, { parent: question ?? null, role: 'assistant', content: 'other' })
    const shown = await share(ann, id)
    const first = await share(ann, id, { leaf_message_id: answer })
    const begun = await share(ann, id, { leaf_message_id: question })
    const next = await plant(ann, id, { parent: other, content: 'and then?' })
    await plantTurn(ann, id, next, ['half an ans'])
    const running = await share(ann, id)
    await plant(ann, id, { parent: next, role: 'assistant', content: '', status: 'failed' })
    const failed = await share(ann, id)
    expect(await said(app, shown.token)).toEqual(['text 0', 'other'])
    expect(await said(app, first.token)).toEqual(['text 0', 'text 1'])
    expect(await said(app, begun.token)).toEqual(['text 0'])
    expect(await said(app, running.token)).toEqual(['text 0', 'other', 'and then?'])
    expect(await said(app, failed.token)).toEqual(['text 0', 'other', 'and then?'])
    await ann.delete(`/messages/${question}`)
    expect(await said(app, shown.token)).toEqual(['text 0', 'other'])
  })

  test('a conversation without a title is named by how it begins', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converse(ann)
    await plant(ann, id, { content: `  Was ist\n\n das?  ${'x'.repeat(100)}` })
    const { title } = await share(ann, id)
    expect(title).toStartWith('Was ist das? xxx')
    expect(title.length).toBeLessThanOrEqual(80)
  })

  test('nothing said, nothing shared; nor another branch, nor too much', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const empty = await converse(ann)
    expect((await ann.post(`/conversations/${empty}/shares`)).body).toMatchObject({ code: 'invalid_request' })
    const large = await converse(ann)
    const half = 'x'.repeat(512 * 1024)
    const first = await plant(ann, large, { content: half })
    const second = await plant(ann, large, { parent: first, role: 'assistant', content: half })
    await share(ann, large)
    await plant(ann, large, { parent: second, content: '!' })
    expect((await ann.post(`/conversations/${large}/shares`)).body).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    })
    await share(ann, large, { leaf_message_id: first })
    for (const leaf of [createId(), 'none']) {
      const { status } = await ann.post(`/conversations/${large}/shares`, { leaf_message_id: leaf })
      expect(status).toBe(404)
    }
    const foreignLeaf = await ann.post(`/conversations/${empty}/shares`, { leaf_message_id: first })
    expect(foreignLeaf.status).toBe(404)
    const long = await converse(ann)
    await ann.app.deps.db.execute(sql`
      insert into messages (id, conversation_id, user_id, parent_id, role, content, status)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${long}::uuid, ${ann.userId},
        case when n > 0 then ('00000000-0000-7000-8000-' || lpad((n - 1)::text, 12, '0'))::uuid end, 'user', 'x', 'complete'
      from generate_series(0, 1000) n`)
    const nth = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
    await share(ann, long, { leaf_message_id: nth(999) })
    const tooLong = await ann.post(`/conversations/${long}/shares`, { leaf_message_id: nth(1000) })
    expect(tooLong.body.code).toBe('payload_too_large')
  })

  test('the newest first, page by page, but those of what is in the bin', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const made: Made[] = []
    for (let n = 0; n < 5; n++) {
      made.unshift(await shareChain(ann))
      if (n % 2 === 0) app.clock.advance(1)
    }
    await shareChain(bob)
    const all = made.map(({ id }) => id)
    expect((await listed(ann)).ids).toEqual(all)
    const pages: string[][] = []
    let cursor = ''
    do {
      const { ids, next } = await listed(ann, `limit=2&cursor=${cursor}`)
      pages.push(ids)
      cursor = next ?? ''
    } while (cursor !== '')
    expect(pages).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)])
    await ann.delete(`/conversations/${made[1]?.conversation_id}`)
    expect((await listed(ann)).ids).toEqual(all.filter((_, at) => at !== 1))
    for (const wrong of [
      'x',
      'e30',
      btoa('{"at":"2026-13-01T00:00:00Z","id":"1"}'),
      btoa('{"at":"+99999"}'),
    ]) {
      expect((await ann.get(`/shares?cursor=${wrong}`)).body.code).toBe('invalid_request')
    }
  })

  test('what readers are told may be changed, what was said may not', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const made = await shareChain(ann, 2, { expires_in_seconds: 60, display_name: 'Ann' })
    const path = `/shares/${made.id}`
    expect((await ann.put(path, { title: ' New ' })).body).toEqual({ ...made, title: 'New' })
    expect((await ann.put(path, {})).body).toEqual({ ...made, title: 'New' })
    const changed = await ann.put(path, { display_name: null, expires_at: null, messages: [], token: 'x' })
    expect(changed.body).toEqual({ ...made, title: 'New', display_name: null, expires_at: null })
    app.clock.advance(3600)
    expect(await said(app, made.token)).toEqual(['text 0', 'text 1'])
    const soon = await ann.put(path, { expires_in_seconds: 1 })
    app.clock.advance(1)
    expect((await look(app, made.token)).status).toBe(404)
    expect((await listed(ann)).ids).toEqual([made.id])
    expect(soon.body.expires_at).toBe(app.clock.now.toISOString())
    await ann.put(path, { expires_in_seconds: 10 })
    expect((await look(app, made.token)).status).toBe(200)
  })

  test('moments and names that are none', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const made = await shareChain(ann)
    const wrong: object[] = [
      { expires_at: app.clock.now.toISOString() },
      { expires_at: '2020-01-01T00:00:00Z' },
      { expires_at: '2026-02-31T00:00:00Z', title: '' },
      { expires_at: '2027-02-31' },
      { expires_at: '2036-12-31T00:00:00Z' },
      { expires_at: '+275760-09-13T00:00:00Z' },
      { expires_at: 'tomorrow' },
      { expires_at: 7 },
      { expires_at: '2027-01-01T00:00:00Z', expires_in_seconds: 5 },
      { expires_in_seconds: 0 },
      { expires_in_seconds: 1e10 },
      { expires_in_seconds: 1.5 },
      { title: '' },
      { title: 'x'.repeat(201) },
      { title: 'nul\0' },
      { display_name: 'x'.repeat(51) },
      { display_name: 'two\nlines' },
    ]
    for (const body of wrong) {
      const answers = [
        await ann.put(`/shares/${made.id}`, body),
        await ann.post(`/conversations/${made.conversation_id}/shares`, body),
      ]
      expect([body, answers.map(({ body: { code } }) => code)]).toEqual([
        body,
        ['invalid_request', 'invalid_request'],
      ])
    }
    const doors: [string, string][] = [
      ['POST', `/conversations/${made.conversation_id}/shares`],
      ['PUT', `/shares/${made.id}`],
    ]
    for (const [method, path] of doors) {
      for (const [name, body] of Object.entries(hostileBodies)) {
        const { status } = await ann.ask(method, path, body as string | null, json)
        expect([method, name, status < 500]).toEqual([method, name, true])
      }
      for (const value of hostileValues) {
        for (const field of [
          'title',
          'display_name',
          'expires_at',
          'expires_in_seconds',
          'leaf_message_id',
        ]) {
          const { status } = await ann.ask(method, path, JSON.stringify({ [field]: value }), json)
          expect([method, field, value, status < 500]).toEqual([method, field, value, true])
        }
      }
    }
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('not more than 500', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const { conversation_id: id } = await shareChain(ann)
    const his = await shareChain(bob)
    await app.deps.db.execute(sql`
      insert into shares (id, token, user_id, conversation_id, title, messages)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'token ' || n, ${ann.userId}, ${id}::uuid, 'x', '[]'
      from generate_series(1, 499) n`)
    expect((await ann.post(`/conversations/${id}/shares`)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    })
    await share(bob, his.conversation_id)
  })

  test('two who withdraw at the same time: it is gone once', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const made = await shareChain(ann)
    const both = await Promise.all([ann.delete(`/shares/${made.id}`), ann.delete(`/shares/${made.id}`)])
    expect(both.map(({ status }) => status).sort()).toEqual([204, 404])
    expect((await look(app, made.token)).status).toBe(404)
    expect((await ann.put(`/shares/${made.id}`, { title: 'back' })).status).toBe(404)
  })
})
