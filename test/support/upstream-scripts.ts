/** What the upstream does with one question. Everything is optional; the empty script is a normal answer. */
export interface Script {
  /** How many tokens are made up (16), unless `text` says which. */
  tokens?: number
  text?: string[]
  /** Said before the answer, as `reasoning_content`. */
  reasoning?: string[]
  /** Between two tokens; without it everything is written at once. */
  delayMs?: number
  /** Before the first token. (Bun sends the headers with it.) */
  firstTokenMs?: number
  /** null: no usage chunk. Without it the usage is counted, and sent when the question asks for it. */
  usage?: unknown
  finishReason?: string | null
  /**
   * How the stream ends after its tokens: `done` is the normal way, `bare` has neither a finish reason nor
   * `[DONE]`, `no-done` has a finish reason alone, `cut` destroys the socket, `hang` goes silent for ever,
   * `linger` says `[DONE]` and then keeps the connection open, `error` is an error object in the stream.
   */
  end?: 'done' | 'no-done' | 'bare' | 'cut' | 'hang' | 'linger' | 'error'
  error?: unknown
  /** Bytes written instead of the tokens, each piece on its own. */
  raw?: (string | Uint8Array)[]
  /** Waits for ever before the headers. */
  hang?: boolean
  /** Before the headers. */
  headersMs?: number
  /** The same, until the test says so. */
  until?: Promise<void>
  status?: number
  headers?: Record<string, string>
  /** An answer that is not a stream. */
  body?: string
}

const refused = (status: number, message: string, headers?: Record<string, string>): Script => ({
  status,
  ...(headers ? { headers: { 'content-type': 'application/json', ...headers } } : {}),
  body: JSON.stringify({ error: { message, type: 'test_error', param: null, code: null } }),
})

/** Scripts that a question chooses by its model's name. See also `scriptNamed`. */
export const scripts: Record<string, Script> = {
  normal: {},
  slow: { firstTokenMs: 500 },
  paced: { delayMs: 20 },
  reasoning: { reasoning: ['Let me ', '想一想', '…'], text: ['The answer ', '是 42', ' 🙂'] },
  chinese: { text: ['你好', ',世', '界', '!🙂'] },
  cut: { end: 'cut' },
  'cut-at-once': { tokens: 0, end: 'cut' },
  bare: { end: 'bare' },
  'no-done': { end: 'no-done' },
  linger: { end: 'linger' },
  'no-usage': { usage: null },
  'bad-usage': { usage: { prompt_tokens: -5, completion_tokens: 1e18, total_tokens: null } },
  'error-in-stream': { end: 'error' },
  'hang-headers': { hang: true },
  'hang-stream': { end: 'hang' },
  'hang-before-token': { raw: [': queued\n\n'], end: 'hang' },
  malformed: { raw: ['data: {"choices":[{"delta":{"content":"ok"}}]}\n\n', 'data: {"choices":[{"del\n\n'] },
  'json-error': refused(200, 'the model is not loaded'),
  html: {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Welcome to nginx!</title>',
  },
  'huge-line': { raw: [`data: {"choices":[{"delta":{"content":"${'x'.repeat(10 << 20)}"}}]}\n\n`] },
  '400': refused(400, 'messages: too long'),
  '401': refused(401, 'Incorrect API key provided'),
  '404': refused(404, 'no such model'),
  '429': refused(429, 'slow down', { 'retry-after': '7' }),
  '500': refused(500, 'oops'),
  '503': refused(503, 'overloaded'),
}

/**
 * The script of a model's name: one of `scripts`, or `tokens-256` (at once), `tokens-256-20` (one every 20 ms),
 * `tokens-256-20-300` (the first after 300 ms). Any other name is a normal answer.
 */
export function scriptNamed(model: string): Script {
  const made = /^tokens-(\d+)(?:-(\d+))?(?:-(\d+))?$/.exec(model)
  if (!made) return scripts[model] ?? {}
  const [, tokens, delayMs, firstTokenMs] = made
  return {
    tokens: Number(tokens),
    ...(delayMs ? { delayMs: Number(delayMs) } : {}),
    ...(firstTokenMs ? { firstTokenMs: Number(firstTokenMs) } : {}),
  }
}
