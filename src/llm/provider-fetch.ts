/** Longer than this nobody waits without a word: the person hears `rate_limited` and when to come back instead. */
const longestRetryWaitSeconds = 5

/** Error bodies are read as far as anybody will look at them. */
const maxErrorBytes = 16 * 1024

/**
 * The `fetch` that the SDK calls for one provider. It sends these headers and no others: the SDK adds headers of
 * its own and what OPENAI_CUSTOM_HEADERS says, for every provider alike. The key is known only here, so nothing
 * that the SDK throws or logs can hold it. An answer that is not ok comes back as `{ error: { message } }` with
 * the beginning of its body, read while the SDK's timeout still runs.
 */
export function createProviderFetch({
  apiKey,
  organization,
}: {
  apiKey: string | null
  organization: string | null
}) {
  return async function providerFetch(
    url: string | URL | Request,
    init: RequestInit = {},
  ): Promise<Response> {
    const headers: Record<string, string> = {
      accept: 'application/json, text/event-stream',
      // A proxy that compresses a stream holds its tokens back.
      'accept-encoding': 'identity',
      'user-agent': 'CloudChat',
    }
    if (init.body) headers['content-type'] = 'application/json'
    if (apiKey !== null) headers.authorization = `Bearer ${apiKey}`
    if (organization !== null) headers['openai-organization'] = organization
    const response = await fetch(url, {
      ...init,
      headers,
      // Whoever redirects would get the key.
      redirect: 'manual',
      // Bun would cut a silence of five minutes; how long to wait is decided by the settings.
      timeout: false,
    })
    return response.ok ? response : withShortBody(response)
  }
}

async function withShortBody(response: Response): Promise<Response> {
  const message = await beginningOf(response)
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const name of ['retry-after', 'retry-after-ms', 'x-should-retry']) {
    const value = response.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  if ((retryAfterOf(headers) ?? 0) > longestRetryWaitSeconds) headers.set('x-should-retry', 'false')
  return new Response(JSON.stringify({ error: { message } }), { status: response.status, headers })
}

async function beginningOf(response: Response): Promise<string> {
  const utf8 = new TextDecoder()
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += utf8.decode(bytes, { stream: true })
    if (text.length > maxErrorBytes) break
  }
  return text.slice(0, maxErrorBytes)
}

/** Seconds, rounded up, that an answer asks to wait: from `retry-after-ms`, or `Retry-After` as number or date. */
export function retryAfterOf(headers: Headers): number | undefined {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  const value = headers.get('retry-after') ?? ''
  const seconds = /^\s*\d/.test(value) ? Number.parseFloat(value) : (Date.parse(value) - Date.now()) / 1000
  const wait = Number.isNaN(milliseconds) ? seconds : milliseconds / 1000
  return Number.isFinite(wait) ? Math.min(Math.max(Math.ceil(wait), 1), 86_400) : undefined
}
