import { sql } from 'drizzle-orm'
import OpenAI from 'openai'
import { rowsOf } from '../../../src/db/rows.ts'
import { type ApiPerson, registerPerson } from '../../support/api-person.ts'
import type { StartApp, TestApp } from '../../support/harness.ts'

/** The service with somebody in it who has an API key. */
export interface Gateway extends AsyncDisposable {
  app: TestApp
  ann: ApiPerson
  key: string
  keyId: string
  /** OpenAI's own client, which tries nothing twice. */
  client: OpenAI
  /** Another key of hers. */
  newKey(wish: object): Promise<{ id: string; key: string }>
  /** Asks at `/v1` with a key, or with these headers. */
  ask(path: string, body: unknown, key?: string, headers?: Record<string, string>): Promise<Response>
  /** All rows, once there are so many. */
  ledger(count: number): Promise<Row[]>
}

export interface Row {
  kind: string
  model: string
  outcome: string
  prompt: number
  completion: number
  isEstimated: boolean
  errorCode: string | null
  keyId: string | null
  images: number
}

export const hello = { model: 'deepseek-chat', messages: [{ role: 'user' as const, content: 'hello' }] }

export async function openGateway(start: StartApp, env: Record<string, string> = {}): Promise<Gateway> {
  const app = await start({ LLM_MAX_RETRIES: '0', LIMIT_API_AUTH_IP: '0', ...env })
  const ann = await registerPerson(app.url)
  const newKey = (wish: object) =>
    ann.json<{ id: string; key: string }>('POST', '/api/v1/keys', { name: 'test', ...wish })
  const { id: keyId, key } = await newKey({})
  return {
    app,
    ann,
    key,
    keyId,
    client: clientOf(app.url, key),
    newKey,
    ask: (path, body, asker = key, headers = {}) =>
      fetch(`${app.url}/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${asker}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    ledger: (count) => readLedger(app, count),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

export function clientOf(origin: string, apiKey: string, maxRetries = 0): OpenAI {
  return new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries })
}

/** What was refused, as OpenAI's clients read it. */
export async function refusal(
  response: Response | Promise<Response>,
): Promise<{ status: number } & Record<string, unknown>> {
  const answer = await response
  const { error } = (await answer.json()) as { error: Record<string, unknown> }
  return { status: answer.status, ...error }
}

/** Microseconds that the service says it has added; NaN: it does not say. */
export function overheadOf({ headers }: Pick<Response, 'headers'>): number {
  return Number.parseInt(headers.get('x-cloudchat-overhead-us') ?? '', 10)
}

async function readLedger({ deps }: TestApp, count: number): Promise<Row[]> {
  for (;;) {
    const rows = rowsOf<Row>(
      await deps.db.execute(sql`
        select kind, model, outcome, prompt_tokens as prompt, completion_tokens as completion,
          is_estimated as "isEstimated", error_code as "errorCode", key_id as "keyId", images
        from usage_events order by id`),
    )
    if (rows.length >= count) return [...rows]
    await Bun.sleep(20)
  }
}
