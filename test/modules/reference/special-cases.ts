import { openSocketClient } from '../../support/socket-client.ts'
import type { Operation } from './reference.ts'
import { type Trial, tryExpired } from './trial.ts'
import { password } from './world.ts'

/** What takes more than a request or two to see. */
export async function trySpecialCases(trial: Trial, operations: Operation[]): Promise<void> {
  await tryTaken(trial)
  await tryConflicts(trial)
  await tryMissing(trial)
  await tryRunning(trial)
  await tryProviders(trial)
  await tryAgain(trial)
  await tryKnown(trial)
  await tryStreams(trial)
  await tryRoles(trial, operations)
  await trySocket(trial)
  await tryFace(trial)
  await tryLimits(trial, operations)
  await tryExpired(trial, operations)
}

/** Names that somebody else has. */
async function tryTaken({ world, operation, ask }: Trial) {
  const { owner, word } = world
  const phone = '+4915112345678'
  await ask(operation('register'), { path: '/api/v1/auth/register', body: { phone, password } })
  for (const taken of [{ email: owner.email }, { username: owner.username }, { phone }]) {
    const body = { username: word(), password, ...taken }
    await ask(operation('register'), { path: '/api/v1/auth/register', body })
    await ask(operation('updateMe'), {
      path: '/api/v1/users/me',
      body: { ...taken, current_password: password },
    })
    const path = '/api/v1/admin/users'
    const delivery = 'email' in taken ? 'mail' : 'link'
    await ask(operation('createUser'), { path, body: { username: word(), delivery, ...taken } })
    const old = { email: `${word()}@example.com`, ...taken, password }
    await ask(operation('cloudchatRegister'), { path: '/auth/register', body: old })
  }
}

async function tryConflicts({ world, operation, call, ask }: Trial) {
  const name = world.word()
  const path = '/api/v1/tags'
  for (let count = 0; count < 2; count++) await ask(operation('createTag'), { path, body: { name } })
  const entry = await call(operation('createModelEntry'))
  for (let count = 0; count < 2; count++) await ask(operation('createModelEntry'), entry)
  const { model_id } = entry.body as { model_id: string }
  const change = await call(operation('updateModelEntry'))
  await ask(operation('updateModelEntry'), { ...change, body: { model_id } })
  const other = await world.tag()
  await ask(operation('renameTag'), { path: `${path}/${other}`, body: { name } })
  await ask(operation('renameTag'), { path: `${path}/${other}`, body: { name, merge: true } })
  const plan = await world.plan()
  const body = { name: plan, limits: { requests_day: 5 } }
  await ask(operation('createPlan'), { path: '/api/v1/admin/plans', body })
  await ask(operation('deletePlan'), { path: '/api/v1/admin/plans/free' })
  const { code } = await world.topUpCode()
  const redeem = { path: '/api/v1/users/me/balance/redeem', body: { code } }
  for (let count = 0; count < 2; count++) await ask(operation('redeemCode'), redeem)
}

/** Things that are named beside the path, and are not there. */
async function tryMissing({ world, operation, call, ask }: Trial) {
  const tag = '019a0000-0000-7000-8000-000000000000'
  await ask(operation('listConversations'), { path: '/api/v1/conversations', query: { tag } })
  const body = { ids: [await world.conversation()], action: 'untag', tag }
  await ask(operation('changeMany'), { path: '/api/v1/conversations/bulk', body })
  await ask(operation('exportLibrary'), { ...(await call(operation('exportLibrary'))), query: { ids: tag } })
}

/** An answer is being made where something else is wanted. */
async function tryRunning({ world, operation, ask }: Trial) {
  const { conversation, question, answer } = await world.running()
  const at = `/api/v1/conversations/${conversation}`
  await ask(operation('ask'), { path: `${at}/messages`, body: { content: 'And?' } })
  await ask(operation('askAsStream'), { path: `${at}/messages/stream`, body: { content: 'And?' } })
  await ask(operation('forkConversation'), { path: `${at}/fork`, body: {} })
  await ask(operation('remakeSummary'), { path: `${at}/summaries` })
  await ask(operation('deleteMessage'), { path: `/api/v1/messages/${answer}` })
  await ask(operation('editMessage'), { path: `/api/v1/messages/${question}`, body: { content: 'Or?' } })
  await ask(operation('regenerate'), { path: `/api/v1/messages/${answer}/regenerate`, body: {} })
  const broken = await world.broken()
  await world.running(broken.conversation)
  await ask(operation('continueAnswer'), { path: `/api/v1/messages/${broken.answer}/continue`, body: {} })
}

/** Models that fail. */
async function tryProviders({ operation, call, ask }: Trial) {
  for (const id of ['ask', 'editMessage', 'regenerate', 'continueAnswer', 'createChatCompletion']) {
    for (const model of ['deepseek/503', 'deepseek/401']) {
      const good = await call(operation(id))
      await ask(operation(id), { ...good, body: { ...Object(good.body), model } })
    }
  }
}

/** The same key for another question. */
async function tryAgain({ world, operation, ask }: Trial) {
  const at = `/api/v1/conversations/${await world.conversation()}/messages`
  const headers = { 'idempotency-key': world.word() }
  for (const content of ['One', 'One', 'Two']) {
    await ask(operation('ask'), { path: at, body: { content }, headers })
    await ask(operation('askAsStream'), { path: `${at}/stream`, body: { content }, headers })
  }
}

/** What the client has already. */
async function tryKnown({ operation, call, ask }: Trial) {
  for (const id of ['getShared', 'getReference', 'getImageContent']) {
    const good = await call(operation(id))
    const { headers } = await ask(operation(id), good)
    await ask(operation(id), { ...good, headers: { 'if-none-match': headers.get('etag') ?? '' } })
  }
}

/** Each way to read along. */
async function tryStreams({ operation, call, ask }: Trial) {
  for (const id of [
    'askAsStream',
    'editMessage',
    'regenerate',
    'continueAnswer',
    'followTurn',
    'importLibrary',
    'createImages',
  ]) {
    for (const accept of ['text/event-stream', 'application/x-ndjson']) {
      const good = await call(operation(id))
      await ask(operation(id), { ...good, headers: { ...good.headers, accept } })
    }
  }
}

/** Whoever is no administrator. */
async function tryRoles({ world, call, ask }: Trial, operations: Operation[]) {
  for (const operation of operations.filter(({ path }) => path.startsWith('/api/v1/admin'))) {
    await ask(operation, await call(operation), world.owner)
  }
  const { key } = await world.owner.json<{ key: string }>('POST', '/keys', { name: 'chat', scopes: ['chat'] })
  const takesKeys = ({ path, security }: Operation) =>
    path.startsWith('/api/v1/') && security.some((one) => 'key' in one)
  for (const operation of operations.filter(takesKeys)) {
    await ask(operation, { ...(await call(operation)), headers: { authorization: `Bearer ${key}` } }, null)
  }
}

async function trySocket({ world, operation, ask, answers, faults }: Trial) {
  const path = '/api/v1/ws/chat'
  const handshake = { upgrade: 'websocket', 'sec-fetch-site': 'cross-site' }
  await ask(operation('openSocket'), { path, headers: handshake }, null)
  const { authorization } = await world.owner.logIn()
  const socket = await openSocketClient(world.app.url + path, { authorization })
  answers.seen.add('openSocket 101')
  const conversation_id = await world.conversation()
  socket.send({ type: 'ping', id: 'a' })
  socket.send({ type: 'send', id: 'b', conversation_id, content: 'Hello' })
  socket.send({ type: 'follow', turn_id: await world.turn() })
  socket.send({ type: 'stop', turn_id: await world.turn() })
  socket.send({ type: 'send', id: 'c', conversation_id: 'x' })
  socket.send({ type: 'nonsense', id: 'last' })
  await socket.until(({ request }) => request === 'last')
  socket.close()
  for (const frame of socket.heard) {
    faults.push(...answers.faultsOfNamed('ServerFrame', frame).map((fault) => `openSocket: ${fault}`))
  }
}

/** What the face refuses by texts, each code of which must be seen. */
async function tryFace({ world, operation, ask }: Trial) {
  const cookie = await world.cookie()
  await ask(operation('cloudchatAsk'), {
    path: '/deepseek_chat',
    body: { message: 'Hello' },
    headers: { cookie },
  })
  await ask(operation('cloudchatHistory'), { path: '/chat_history', headers: { cookie } })
}

/** Where nothing is allowed any more, and where the service is about to end. */
async function tryLimits({ world, call, ask }: Trial, operations: Operation[]) {
  const { config, lifecycle } = world.app.deps
  const { limits, turns } = config
  /** Asks those that may be refused so, with changes that are taken back. */
  const withChanges = async (code: string, change: () => void) => {
    const refusing = operations.filter((operation) => codesOf(operation).includes(code))
    const calls = await Promise.all(
      refusing.map(async (operation) => ({ operation, good: await call(operation) })),
    )
    const before = { limits: { ...limits }, turns: { ...turns } }
    change()
    for (const { operation, good } of calls) await ask(operation, good)
    Object.assign(limits, before.limits)
    Object.assign(turns, before.turns)
    lifecycle.isDraining = false
  }
  const none = Object.fromEntries(Object.keys(limits).map((name) => [name, { count: 0, windowSeconds: 60 }]))
  await withChanges('rate_limited', () => Object.assign(limits, none))
  await withChanges('too_many_turns', () => Object.assign(turns, { maxPerUser: 0 }))
  await withChanges('too_many_readers', () => Object.assign(turns, { maxReaders: 0 }))
  await withChanges('shutting_down', () => {
    lifecycle.isDraining = true
  })
}

function codesOf({ responses }: Operation): string[] {
  return Object.values(responses).flatMap((answer) => answer['x-codes'] ?? [])
}
