import { isKnownByClient } from './etag.ts'

/** JSON text with an entity tag of its own; 304 when the client has it already. `headers` are sent besides, 304 included. */
export function sendJson(text: string, request: Request, headers: Record<string, string>): Response {
  const etag = `"${Bun.SHA256.hash(text, 'base64url').slice(0, 22)}"`
  const all: Record<string, string> = { ...headers, etag }
  if (isKnownByClient(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers: all })
  }
  return new Response(text, { headers: { ...all, 'content-type': 'application/json' } })
}
