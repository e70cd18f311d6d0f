import type { Answer } from './answers.ts'
import type { Operation } from './reference.ts'
import { type Member, password, type World } from './world.ts'

/** What is sent to an operation. */
export interface Call {
  /** Filled in. */
  path: string
  query?: Record<string, unknown>
  headers?: Record<string, string>
  /** undefined: none. A text is sent as it is. */
  body?: unknown
}

/** A request that succeeds, made for this once. */
export async function goodCall(world: World, operation: Operation): Promise<Call> {
  const { method, path, operationId } = operation
  const make = goodPaths[operationId] ?? goodPaths[path.replace(/(\}).*/, '$1')]
  const made = path.includes('{') ? await make?.(world) : undefined
  const body = (await goodBodies[operationId]?.(world)) ?? (operation.requestBody?.required ? {} : undefined)
  const query = goodQueries[operationId]
  const headers = await goodHeaders[operationId]?.(world)
  if (path.includes('{') && made === undefined) throw new Error(`requests.ts has no id for ${path}`)
  return {
    path: made === undefined ? path : path.replace(/\{\w+\}/, made),
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
    ...(method === 'GET' || body === undefined ? {} : { body }),
  }
}

type Make<Thing> = (world: World) => Thing | Promise<Thing>

/** What stands in a path, by the operation or by the path up to there. */
const goodPaths: Record<string, Make<string>> = {
  '/api/v1/conversations/{id}': (world) => world.conversation(),
  '/api/v1/messages/{id}': (world) => world.answer(),
  '/api/v1/turns/{id}': (world) => world.turn(),
  '/api/v1/tags/{id}': (world) => world.tag(),
  '/api/v1/shares/{id}': async (world) => (await world.share()).id,
  '/api/v1/shared/{token}': async (world) => (await world.share()).token,
  '/api/v1/users/me/sessions/{id}': (world) => world.session(),
  '/api/v1/admin/users/{id}': async (world) => (await world.newMember()).username,
  '/api/v1/admin/models/{id}': ({ admin, word }) =>
    idOf(admin, '/admin/models', { ...model, model_id: word() }),
  '/api/v1/admin/provider-keys/{id}': ({ app, admin }) =>
    idOf(admin, '/admin/provider-keys', { ...providerKey, base_url: app.upstream.url }),
  '/api/v1/admin/invites/{id}': ({ admin }) => idOf(admin, '/admin/invites', {}),
  '/api/v1/images/{id}': (world) => world.image(),
  '/api/v1/keys/{id}': (world) => world.key(),
  '/v1/models/{id}': () => 'deepseek/deepseek-chat',
  '/api/v1/admin/plans/{name}': (world) => world.plan(),
  '/api/v1/admin/top-up-codes/{id}': async (world) => (await world.topUpCode()).id,
  editMessage: (world) => world.question(),
  continueAnswer: async (world) => (await world.broken()).answer,
}

const goodHeaders: Record<string, Make<Record<string, string>>> = {
  cloudchatMe: async (world) => ({ cookie: await world.cookie() }),
}

/** Bodies that make sense; of the others whatever the schema asks for will do. */
const goodBodies: Record<string, Make<object>> = {
  register: ({ word }) => ({ username: word(), password }),
  logIn: ({ owner }) => ({ identifier: owner.email, password }),
  refreshTokens: async ({ owner }) => ({ refresh_token: (await owner.logIn()).refreshToken }),
  logOut: async ({ owner }) => ({ refresh_token: (await owner.logIn()).refreshToken }),
  requestPasswordReset: ({ owner }) => ({ identifier: owner.email }),
  resetPassword: async (world) => ({ token: await resetToken(world), new_password: password }),
  updateMe: () => ({ display_name: 'Ann' }),
  changePassword: () => ({ current_password: password, new_password: password }),
  createConversation: () => ({ title: 'A talk' }),
  updateConversation: () => ({ title: 'Another talk' }),
  forkConversation: () => ({}),
  rateMessage: () => ({ rating: 'up' }),
  ask: () => ({ content: 'Hello' }),
  askAsStream: () => ({ content: 'Hello' }),
  editMessage: () => ({ content: 'Hello again' }),
  regenerate: () => ({}),
  // Without it the model is asked that has broken off.
  continueAnswer: () => ({ model: 'deepseek/deepseek-chat' }),
  createTag: ({ word }) => ({ name: word() }),
  renameTag: ({ word }) => ({ name: word() }),
  setTags: () => ({ tags: ['work'] }),
  changeMany: async (world) => ({ ids: [await world.conversation()], action: 'archive' }),
  createShare: () => ({}),
  createKey: () => ({ name: 'A program' }),
  updateKey: () => ({ name: 'Another program' }),
  importLibrary: () => ({
    format: 'cloudchat',
    version: 1,
    exported_at: '2026-01-01T00:00:00.000Z',
    conversations: [],
  }),
  updateShare: () => ({ title: 'Shared' }),
  createUser: ({ word }) => ({ username: word(), delivery: 'link' }),
  updateUser: () => ({ plan: 'vip' }),
  createModelEntry: ({ word }) => ({ ...model, model_id: word() }),
  updateModelEntry: () => ({ name: 'Another name' }),
  createProviderKey: () => providerKey,
  updateProviderKey: () => ({ name: 'Mine' }),
  createInvite: () => ({ note: 'For a friend' }),
  updateSettings: () => ({ footer: 'A line' }),
  redeemCode: async (world) => ({ code: (await world.topUpCode()).code }),
  createPlan: ({ word }) => ({ name: word(), limits: { requests_day: 5 } }),
  updatePlan: () => ({ limits: { requests_day: 6 } }),
  setUserQuota: () => ({ limits: { requests_day: 7 } }),
  changeBalance: () => ({ micros: 5 }),
  createTopUpCodes: () => ({ micros: 5 }),
  cloudchatRegister: ({ word }) => ({ email: `${word()}@example.com`, password }),
  cloudchatLogIn: ({ owner }) => ({ identifier: owner.email, password }),
  cloudchatForgotPassword: ({ owner }) => ({ identifier: owner.email }),
  cloudchatResetPassword: async (world) => ({ token: await resetToken(world), password }),
  cloudchatAsk: () => ({ message: 'Hello' }),
  cloudchatAskOnce: () => ({ message: 'Hello' }),
  createChatCompletion: () => ({ model: 'deepseek/deepseek-chat', messages }),
  createResponse: () => ({ model: 'deepseek/deepseek-chat', input: 'Hello' }),
  createEmbedding: () => ({ model: 'deepseek/deepseek-chat', input: 'Hello' }),
  generateImages: () => ({ model: 'openai/gpt-image-1', prompt: 'A cat' }),
  createImages: () => ({ prompt: 'A cat' }),
  cloudchatDraw: () => ({ prompt: 'A cat' }),
}

const messages = [{ role: 'user', content: 'Hello' }]

const goodQueries: Record<string, Record<string, unknown>> = {
  search: { q: 'hello' },
}

async function resetToken({ app, newMember }: World): Promise<string> {
  const { email } = await newMember()
  const response = await fetch(`${app.url}/api/v1/auth/forgot-password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: email }),
  })
  return ((await response.json()) as { debug_token: string }).debug_token
}

const model = { provider: 'nobody', upstream: 'nothing' }
/** Of a provider that nobody asks for anything else. */
const providerKey = { provider: 'cohere', key: 'sk-0123456789' }

async function idOf(admin: Member, path: string, body: object): Promise<string> {
  return (await admin.json<{ id: string }>('POST', path, body)).id
}

/** Sends it and reads the answer; of a stream that has no end the first events. */
export async function send(url: string, operation: Operation, call: Call): Promise<Answer> {
  const { path, query = {}, headers = {}, body } = call
  const words = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
  const leaving = new AbortController()
  const response = await fetch(`${url}${path}${words.size > 0 ? `?${words}` : ''}`, {
    method: operation.method,
    redirect: 'manual',
    signal: leaving.signal,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const isEndless = operation.operationId === 'followUser' && response.ok
  const text = isEndless ? '' : await response.text()
  if (isEndless) leaving.abort()
  return { status: response.status, headers: response.headers, text }
}
