/** A browser without a screen: keeps cookies, sends JSON as the front end does. */
export interface Visitor {
  cookies: Map<string, string>
  get(path: string): Promise<Response>
  post(path: string, body?: unknown): Promise<Response>
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Asks on `/deepseek_chat` and reads the answer to its end. Throws when it is refused or cut. */
  chat(message: string): Promise<string>
}

export function createVisitor(origin: string): Visitor {
  const cookies = new Map<string, string>()
  const visitor: Visitor = {
    cookies,
    get: (path) => visitor.fetch(path),
    post: (path, body = {}) =>
      visitor.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async fetch(path, init = {}) {
      const headers = new Headers(init.headers)
      if (cookies.size > 0)
        headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      const response = await fetch(origin + path, { redirect: 'manual', ...init, headers })
      for (const line of response.headers.getSetCookie()) keep(cookies, line)
      return response
    },
    async chat(message) {
      const response = await visitor.post('/deepseek_chat', { message })
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
      return textOf(await response.text())
    },
  }
  return visitor
}

/** The text that the front end would show for the lines of a chat answer. */
export function textOf(lines: string): string {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text)
    .join('')
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */)
  const name = pair.slice(0, pair.indexOf('='))
  const isGone = attributes.some((attribute) => /^max-age=0$/i.test(attribute))
  if (isGone) cookies.delete(name)
  else cookies.set(name, pair.slice(name.length + 1))
}
