import { expect, spyOn, test } from 'bun:test'
import { closeEndedStreams } from '../../../src/modules/auth/jobs.ts'
import { takeSocketTicket } from '../../../src/modules/chat/socket-ticket.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { openRawRequest } from '../../support/raw-request.ts'
import { openSocketClient, type SocketClient } from '../../support/socket-client.ts'
import { type Asker, createAsker } from './asker.ts'

const path = '/api/v1/ws/chat'

const open = (app: TestApp, headers: Record<string, string> = {}, query = '') =>
  openSocketClient(app.url + path + query, headers)

/** Who is behind a socket that is ready: it may follow this person's turn. */
async function isReady(socket: SocketClient): Promise<boolean> {
  return socket.next().then(
    ({ event }) => event === 'ready',
    () => false,
  )
}

async function accessTokenOf(app: TestApp, { visitor }: Asker): Promise<string> {
  const me = await (await visitor.get('/api/v1/users/me')).json()
  const response = await app.visitor().post('/api/v1/auth/login', {
    identifier: (me.user ?? me).username,
    password: 'vexing-7 quince',
  })
  return ((await response.json()) as { access_token: string }).access_token
}

async function ticketFor(ann: Asker): Promise<string> {
  const { ticket, expires_in } = (await (await ann.post('/api/v1/ws/tickets')).json()) as {
    ticket: string
    expires_in: number
  }
  expect(expires_in).toBe(30)
  return ticket
}

/** Status of the answer to a handshake as it is written here. */
async function handshake(app: TestApp, headers: Record<string, string>): Promise<number> {
  const request = openRawRequest(Number(new URL(app.url).port), {
    method: 'GET',
    path,
    headers: Object.entries({
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
      ...headers,
    }),
  })
  setTimeout(request.leave, 300)
  return (await request.response).status
}

describeOnBothStacks('a socket opens for whoever shows who he is', (start) => {
  test('by cookie, by Authorization, by ticket, by his first words', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const token = await accessTokenOf(app, ann)
    expect(await isReady(await open(app, { cookie: ann.cookie }))).toBe(true)
    expect(await isReady(await open(app, { authorization: `Bearer ${token}` }))).toBe(true)
    expect(await isReady(await open(app, {}, `?ticket=${await ticketFor(ann)}`))).toBe(true)
    const socket = await open(app)
    socket.send({ type: 'auth', token })
    expect(await isReady(socket)).toBe(true)
  })

  test('with a ticket once, of many who come with it at the same time too', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    using keeping = spyOn(app.deps.kv, 'set')
    const ticket = await ticketFor(ann)
    const kept = keeping.mock.calls.filter(([key]) => key.startsWith('ws:ticket:'))
    expect(kept.map(([_key, _session, ttlSeconds]) => ttlSeconds)).toEqual([30])
    const sockets = await Promise.all(Array.from({ length: 4 }, () => open(app, {}, `?ticket=${ticket}`)))
    const ready = await Promise.all(sockets.map(isReady))
    expect(ready.filter((is) => is)).toHaveLength(1)
    const lost = sockets[ready.indexOf(false)]
    expect((await lost?.closed)?.code).toBe(4401)
    const late = await open(app, {}, `?ticket=${ticket}`)
    expect((await late.closed).code).toBe(4401)
  })

  test('not with a ticket of a session that has ended, nor with one that is made up', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const ticket = await ticketFor(ann)
    await ann.logOut()
    for (const query of [`?ticket=${ticket}`, '?ticket=', '?ticket=x']) {
      expect([query, (await (await open(app, {}, query)).closed).code]).toEqual([query, 4401])
    }
    expect(await takeSocketTicket(app.deps, ticket)).toBeNull()
  })

  test('not with a token that is none', async () => {
    await using app = await start()
    expect(await handshake(app, { Authorization: 'Bearer nonsense' })).toBe(401)
    const wrong = await open(app)
    wrong.send({ type: 'auth', token: 'nonsense' })
    expect((await wrong.closed).code).toBe(4401)
    for (const frame of [{ type: 'ping' }, { type: 'auth' }, 'hello']) {
      const silent = await open(app)
      silent.send(frame)
      expect((await silent.closed).code).toBe(4400)
    }
  })

  test('and for strangers only so often', async () => {
    await using app = await start({ LIMIT_API_AUTH_IP: '2/60' })
    const sockets = [await open(app), await open(app)]
    expect(await handshake(app, {})).toBe(429)
    for (const socket of sockets) socket.close()
  })
})

describeOnBothStacks('a socket passes what a request passes', (start) => {
  test('another site cannot open one with the visitor’s cookie', async () => {
    await using app = await start({ CORS_ORIGINS: 'https://friend.example' })
    const ann = await createAsker(app)
    const from = (origin: string) => handshake(app, { Cookie: ann.cookie, Origin: origin })
    expect(await from('https://evil.example')).toBe(403)
    expect(await from('null')).toBe(403)
    expect(await from('https://friend.example')).toBe(101)
    expect(await from(app.url.replace('127.0.0.1', 'localhost'))).toBe(101)
    expect(await handshake(app, { Cookie: ann.cookie, 'Sec-Fetch-Site': 'cross-site' })).toBe(403)
    expect(app.log.filter(({ path: asked, status }) => asked === path && status === 403)).toHaveLength(3)
  })

  test('nor a host that is not ours', async () => {
    await using app = await start({ TRUSTED_HOSTS: 'chat.example.com' })
    expect(await handshake(app, { Host: 'evil.example' })).toBe(400)
  })

  test('is a line in the log, without its ticket', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const ticket = await ticketFor(ann)
    const socket = await open(app, {}, `?ticket=${ticket}`)
    await socket.next()
    socket.close()
    await socket.closed
    let line: Record<string, unknown> | undefined
    while (line === undefined) {
      await Bun.sleep(1)
      line = app.log.find((one) => one.path === path)
    }
    expect(line).toMatchObject({ method: 'GET', status: 101, outcome: 'complete' })
    expect(JSON.stringify(app.log)).not.toContain(ticket)
    expect(app.deps.lifecycle.unfinished).toBe(0)
  })

  test('a plain request gets words', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const response = await ann.visitor.get(path)
    expect([response.status, (await response.json()).code]).toEqual([400, 'invalid_request'])
  })
})

describeOnBothStacks('a socket closes', (start) => {
  test('when its person has too many', async () => {
    await using app = await start({ MAX_SOCKETS_PER_USER: '2' })
    const ann = await createAsker(app)
    const eve = await createAsker(app)
    const first = await open(app, { cookie: ann.cookie })
    expect(await isReady(first)).toBe(true)
    expect(await isReady(await open(app, { cookie: ann.cookie }))).toBe(true)
    const third = await open(app, { cookie: ann.cookie })
    expect((await third.closed).code).toBe(4429)
    expect(await isReady(await open(app, { cookie: eve.cookie }))).toBe(true)
    first.close()
    await first.closed
    let isOpen = false
    while (!isOpen) isOpen = await isReady(await open(app, { cookie: ann.cookie }))
  })

  test('when its session has ended, here or on another instance', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const eve = await createAsker(app)
    const hers = await open(app, { cookie: ann.cookie })
    const theirs = await open(app, { cookie: eve.cookie })
    await Promise.all([hers.next(), theirs.next()])
    await ann.logOut()
    expect((await hers.closed).code).toBe(4401)
    await app.deps.db.execute('delete from sessions')
    await closeEndedStreams(app.deps)
    const { code, reason } = await theirs.closed
    expect({ code, reason }).toEqual({ code: 4401, reason: 'The session has ended' })
    expect(app.deps.openStreams.size).toBe(0)
  })

  test('takes no frame any more for a session that has ended, noticed or not', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const socket = await open(app, { cookie: ann.cookie })
    await socket.next()
    await app.deps.db.execute('delete from sessions')
    app.clock.advance(1)
    socket.send({ type: 'send', conversation_id: ann.conversationId, content: 'hello' })
    expect((await socket.closed).code).toBe(4401)
    expect(app.upstream.requests).toHaveLength(0)
  })

  test('when the process is about to end: at once if it follows nothing, else after that', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const idle = await open(app, { cookie: ann.cookie })
    const unknown = await open(app)
    const busy = await open(app, { cookie: ann.cookie })
    app.upstream.play({ text: ['one '], end: 'hang' })
    busy.send({ type: 'send', conversation_id: ann.conversationId, content: 'hello' })
    const turn_id = (await busy.until(({ event }) => event === 'delta')).at(-1)?.turn_id
    app.deps.lifecycle.isDraining = true
    expect((await idle.closed).code).toBe(1001)
    expect((await unknown.closed).code).toBe(1001)
    busy.send({ type: 'send', id: 'late', conversation_id: ann.conversationId, content: 'again' })
    const [refused] = (await busy.until(({ request }) => request === 'late')).slice(-1)
    expect(refused?.data?.code).toBe('shutting_down')
    busy.send({ type: 'stop', turn_id })
    await busy.until(({ event }) => event === 'done')
    expect((await busy.closed).code).toBe(1001)
  })
})
