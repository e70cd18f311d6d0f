import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rows } from '../../modules/chat/chat.ts'
import { givePlan, held, usedBy } from '../../modules/usage/usage.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'

const person = { email: 'ren.da@example.com', password: 'vexing-7 quince' }

describeOnBothStacks('what the face answers', (start) => {
  test('is in the ledger, of nobody or of who is logged in, however it ended', async () => {
    await using app = await start()
    const visitor = app.visitor()
    app.upstream.play({ text: ['hi'] }, { text: ['so far'], end: 'hang' }, { status: 404, body: '{}' })
    const ask = (signal?: AbortSignal, who = visitor) =>
      who.fetch('/deepseek_chat', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'hello' }),
        ...(signal && { signal }),
      })
    expect(await (await ask()).text()).toBe('{"text": "hi"}\n')
    const leaving = new AbortController()
    const reader = (await ask(leaving.signal, app.visitor())).body?.getReader()
    await reader?.read()
    leaving.abort()
    expect(await app.upstream.requests[1]?.closed).toBe('left')
    expect((await ask()).status).toBe(503)
    await visitor.post('/auth/register', person)
    await visitor.post('/auth/login', { identifier: person.email, password: person.password })
    app.upstream.play({ text: ['hi'] })
    await (await ask()).text()
    const written = await ledgerOf(app)
    const [user] = await rows<{ id: string }>(app.deps, sql`select id::text from users`)
    expect(written).toEqual([
      { user: null, kind: 'chat', outcome: 'complete', prompt: 7, completion: 1, estimated: false },
      {
        user: null,
        kind: 'chat',
        outcome: 'stopped',
        prompt: expect.any(Number),
        completion: written[1]?.completion ?? 0,
        estimated: true,
      },
      { user: null, kind: 'chat', outcome: 'failed', prompt: 0, completion: 0, estimated: true },
      { user: user?.id ?? '', kind: 'chat', outcome: 'complete', prompt: 7, completion: 1, estimated: false },
    ])
    expect(written[1]?.prompt).toBeGreaterThan(5)
    // By what was learned from the first answer.
    expect(written[1]?.completion).toBe(1)
    expect(await usedBy(app.deps, Number(user?.id))).toMatchObject({ requests_day: 1, tokens_day: 8 })
  })

  test('counts against a plan, and for visitors against what they have together', async () => {
    await using app = await start({ ANONYMOUS_TOKENS_PER_DAY: '3000', LIMIT_CHAT_IP: '0' })
    const visitor = app.visitor()
    const ask = () => visitor.post('/chat', { message: 'hello' })
    // Room is held for the longest answer, until the shorter one has ended.
    app.upstream.play({ text: ['hi'], end: 'hang' })
    const open = await ask()
    expect(open.status).toBe(200)
    const second = await ask()
    expect(second.status).toBe(200)
    await second.text()
    expect(app.upstream.requests.at(-1)?.body.max_tokens).toBeLessThan(1000)
    await open.body?.cancel()
    await app.deps.db.execute(sql`update usage_counters set day_tokens = 3000 where holder = 'anonymous'`)
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toEqual({ error: 'Too many requests' })
    await visitor.post('/auth/register', person)
    await visitor.post('/auth/login', { identifier: person.email, password: person.password })
    expect((await ask()).status).toBe(200)
    const [user] = await rows<{ id: number }>(app.deps, sql`select id::integer from users`)
    await givePlan(app.deps, user?.id ?? 0, { requests_day: 0 })
    // Which limit it is, the front end has no text for; when it begins anew: at midnight.
    const spent = await ask()
    expect([spent.status, spent.headers.get('retry-after'), await spent.json()]).toEqual([
      429,
      String(12 * 3600),
      { error: 'Too many requests' },
    ])
    app.clock.advance(24 * 3600)
    await visitor.post('/auth/logout', {})
    expect((await ask()).status).toBe(200)
    await Promise.all(app.deps.usageEntries.underWay.keys())
    expect(await held(app.deps)).toEqual({ tokens: 0, reservations: 0 })
  })
})

async function ledgerOf({ deps }: TestApp) {
  await Promise.all(deps.usageEntries.underWay.keys())
  return rows<Written>(
    deps,
    sql`select user_id::text as "user", kind, outcome, prompt_tokens as prompt, completion_tokens as completion,
      is_estimated as estimated from usage_events order by id`,
  )
}

interface Written {
  user: string | null
  kind: string
  outcome: string
  prompt: number
  completion: number
  estimated: boolean
}
