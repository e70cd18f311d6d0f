import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { purgeConversations } from '../../../src/modules/conversations/jobs.ts'
import { purgeShares } from '../../../src/modules/shares/jobs.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import {
  branchOf,
  changed,
  converse,
  overhear,
  plant,
  plantChain,
  rows,
  withTwoPeople,
} from '../conversations/conversations.ts'
import { look, refusal, said, share, shareChain } from './shares.ts'

setDefaultTimeout(60_000)

const never = 'AAAAAAAAAAAAAAAAAAAAAA'

describeOnBothStacks('what is shared', (start) => {
  test('can be read by anybody, and says nothing of its owner but the name he chose', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann, { title: 'A talk', system_prompt: 'a secret prompt' })
    const asked = app.clock.now.getTime()
    await plantChain(ann, id, 2)
    const { token, created_at } = await share(ann, id, { display_name: 'A. Nonymous' })
    const response = await look(app, token)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(JSON.parse(text)).toEqual({
      title: 'A talk',
      display_name: 'A. Nonymous',
      created_at,
      expires_at: null,
      messages: [
        { role: 'user', content: 'text 0', created_at: new Date(asked + 1000).toISOString() },
        { role: 'assistant', content: 'text 1', created_at: new Date(asked + 2000).toISOString() },
      ],
    })
    const [user] = await rows<{ uid: string }>(app, sql`select uid from users where id = ${ann.userId}`)
    for (const secret of ['ann', user?.uid ?? '-', id, 'secret']) expect(text).not.toContain(secret)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(response.headers.get('cache-control')).toBe('private, no-cache')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('nobody can read it who reads the log', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const { token } = await shareChain(ann)
    await look(app, token)
    await fetch(`${app.url}/s/${token}`)
    await bob.post(`/shared/${token}/copy`)
    const paths = () => app.log.filter(({ msg }) => msg === 'request').map(({ path }) => path)
    while (!paths().includes('/api/v1/shared/…/copy')) await Bun.sleep(1)
    expect(paths()).toContain('/api/v1/shared/…')
    expect(paths()).toContain('/s/…')
    expect(JSON.stringify(app.log)).not.toContain(token)
  })

  test('is sent again only when it has changed, and a kept copy is good for nothing once it is withdrawn', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const made = await shareChain(ann)
    const etag = (await look(app, made.token)).headers.get('etag') as string
    const known = { 'if-none-match': etag }
    const same = await look(app, made.token, known)
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
    expect(same.headers.get('cache-control')).toBe('private, no-cache')
    expect((await look(app, made.token, { 'if-none-match': `W/${etag}, "other"` })).status).toBe(304)
    await ann.put(`/shares/${made.id}`, { title: 'Another' })
    const other = await look(app, made.token, known)
    expect(other.status).toBe(200)
    expect(other.headers.get('etag')).not.toBe(etag)
    await ann.delete(`/shares/${made.id}`)
    for (const tag of [etag, other.headers.get('etag') as string, '*']) {
      expect((await look(app, made.token, { 'if-none-match': tag })).status).toBe(404)
    }
  })

  test('a script in it is text', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const script = '</title><script>alert(1)</script>'
    const id = await converse(ann, { title: script })
    await plant(ann, id, { content: `${script} "\\ \u2028 🙂` })
    const { token } = await share(ann, id, { display_name: script })
    const response = await look(app, token)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.json()).toMatchObject({
      title: script,
      display_name: script,
      messages: [{ content: `${script} "\\ \u2028 🙂` }],
    })
  })

  test('withdrawn, expired, of a deleted conversation or a closed account, never there: all the same', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const withdrawn = await shareChain(ann)
    const binned = await shareChain(ann)
    const closed = await shareChain(bob)
    const expired = await shareChain(ann, 2, { expires_in_seconds: 60 })
    app.clock.advance(59)
    for (const { token } of [withdrawn, expired, binned, closed])
      expect(await said(app, token)).toHaveLength(2)
    await ann.delete(`/shares/${withdrawn.id}`)
    app.clock.advance(1)
    await ann.delete(`/conversations/${binned.conversation_id}`)
    await app.deps.db.execute(sql`update users set is_active = false where id = ${bob.userId}`)
    const unknown = await refusal(await look(app, never))
    expect(unknown).toMatchObject({ status: 404, problem: { code: 'not_found' }, cacheControl: 'no-store' })
    for (const { token } of [withdrawn, expired, binned, closed]) {
      expect(await refusal(await look(app, token))).toEqual(unknown)
      const copied = await ann.post(`/shared/${token}/copy`)
      expect([copied.status, copied.body.detail]).toEqual([404, unknown.problem.detail])
    }
    for (const token of [
      'x',
      '%00',
      '%',
      "'or%201=1--",
      'a'.repeat(5000),
      `${withdrawn.token}x`,
      '..%2f..%2f',
    ]) {
      expect((await look(app, token)).status).toBe(404)
    }
    await ann.post(`/conversations/${binned.conversation_id}/restore`)
    expect(await said(app, binned.token)).toHaveLength(2)
  })

  test('is deleted for good with its conversation, and a month after it has expired', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const binned = await shareChain(ann)
    const expired = await shareChain(ann, 2, { expires_in_seconds: 60 })
    const lasting = await shareChain(ann)
    const left = async () =>
      (await rows<{ id: string }>(app, sql`select id from shares order by id`)).map(({ id }) => id)
    await ann.delete(`/conversations/${binned.conversation_id}`)
    app.clock.advance(30 * 24 * 3600)
    await purgeConversations(app.deps)
    await purgeShares(app.deps)
    expect(await left()).toEqual([expired.id, lasting.id].sort())
    app.clock.advance(60)
    await purgeShares(app.deps)
    expect(await left()).toEqual([lasting.id])
  })

  test("becomes one's own conversation, which is nobody else's", async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const id = await converse(ann, { title: 'A talk', system_prompt: 'a secret prompt' })
    await plantChain(ann, id, 4)
    const made = await share(ann, id, { title: 'For you' })
    const heard = overhear(bob)
    app.clock.advance(100)
    const { status, body: copy } = await bob.post(`/shared/${made.token}/copy`)
    expect(status).toBe(201)
    expect(copy).toMatchObject({
      title: 'For you',
      system_prompt: null,
      model: null,
      tags: [],
      created_at: app.clock.now.toISOString(),
      updated_at: app.clock.now.toISOString(),
    })
    await heard.until(1)
    expect(heard.events).toEqual([changed(copy.id)])
    const { body } = await bob.get(`/conversations/${copy.id}/messages`)
    expect(body.items).toMatchObject([
      { role: 'user', content: 'text 0', parent_id: null, status: 'complete' },
      { role: 'assistant', content: 'text 1', parent_id: body.items[0].id },
      { role: 'user', content: 'text 2', parent_id: body.items[1].id },
      { role: 'assistant', content: 'text 3', parent_id: body.items[2].id },
    ])
    expect(copy.current_message_id).toBe(body.items[3].id)
    const original = await ann.get(`/conversations/${id}/messages`)
    expect(body.items.map((item: { created_at: string }) => item.created_at)).toEqual(
      original.body.items.map((item: { created_at: string }) => item.created_at),
    )
    await plant(bob, copy.id, { parent: copy.current_message_id, content: 'go on' })
    expect(await branchOf(bob, copy.id)).toHaveLength(5)
    expect(await said(app, made.token)).toHaveLength(4)
    expect(await branchOf(ann, id)).toHaveLength(4)
    expect((await ann.get(`/conversations/${copy.id}`)).status).toBe(404)
    await ann.delete(`/shares/${made.id}`)
    expect((await bob.get(`/conversations/${copy.id}`)).status).toBe(200)
    expect((await app.visitor().post(`/api/v1/shared/${made.token}/copy`, {})).status).toBe(401)
  })

  test('may be looked at so often from one address and no oftener', async () => {
    await using at = await withTwoPeople(start, { LIMIT_SHARE_IP: '3/60' })
    const { ann, app } = at
    const { token } = await shareChain(ann)
    const statuses = [await look(app, token), await look(app, never), await look(app, token)].map(
      (one) => one.status,
    )
    expect(statuses).toEqual([200, 404, 200])
    const refused = await look(app, token)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' })
    expect((await ann.post(`/shared/${token}/copy`)).status).toBe(429)
    expect((await ann.get('/shares')).status).toBe(200)
  })
})
