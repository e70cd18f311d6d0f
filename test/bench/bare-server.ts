/**
 * What the same work costs with Bun alone: a server that answers JSON, and one that passes an upstream's answer on.
 * `bun test/bench/bare-server.ts PORT [URL of the upstream]`
 */
const [port, upstreamUrl] = process.argv.slice(2)
const user = {
  id: 1,
  uid: '0123456789ab',
  email: 'bench@example.com',
  phone: null,
  display_name: null,
  is_active: true,
}

Bun.serve({
  port: Number(port),
  hostname: '127.0.0.1',
  idleTimeout: 0,
  development: false,
  fetch: (request) => (request.method === 'GET' ? Response.json({ ok: true, user }) : relay(request)),
})

async function relay(request: Request): Promise<Response> {
  const { body, status } = await fetch(`${upstreamUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await request.text(),
    signal: request.signal,
  })
  return new Response(body, { status })
}
