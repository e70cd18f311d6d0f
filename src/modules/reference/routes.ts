import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { acceptsGzip } from '../../http/encoding.ts'
import { isKnownByClient } from '../../http/etag.ts'
import { release } from '../../lib/version.ts'
import { makeDocument, type Route } from './make-document.ts'
import { operations } from './operations.ts'
import { overview } from './overview.ts'
import type { ErrorShape } from './refusals.ts'

interface Service {
  /** All routes, once there are all. */
  routes: () => readonly Route[]
  /** How errors look at a path. */
  shapeOf: (path: string) => ErrorShape
}

/** What this service can do, for programs: made of the very routes that do it, when somebody first asks. */
export function referenceRoutes({ config }: Pick<Deps, 'config'>, { routes, shapeOf }: Service) {
  let known: { zipped: Uint8Array<ArrayBuffer>; etag: string } | null = null

  return new Elysia({ name: 'reference' }).get(
    '/api/v1/openapi.json',
    ({ request }) => {
      known ??= compress(JSON.stringify(document()))
      const isZipped = acceptsGzip(request)
      const headers = {
        'cache-control': 'no-cache',
        vary: 'Accept-Encoding',
        etag: `"${known.etag}${isZipped ? '-gzip' : ''}"`,
      }
      if (isKnownByClient(request.headers.get('if-none-match'), headers.etag)) {
        return new Response(null, { status: 304, headers })
      }
      const type = { 'content-type': 'application/json' }
      return isZipped
        ? new Response(known.zipped, { headers: { ...headers, ...type, 'content-encoding': 'gzip' } })
        : new Response(Bun.gunzipSync(known.zipped), { headers: { ...headers, ...type } })
    },
    { detail: operations.getReference },
  )

  function document() {
    return makeDocument(routes(), {
      title: 'CloudChat',
      version: release,
      description: overview,
      url: config.frontendBaseUrl,
      cookieName: config.auth.cookieName,
      shapeOf,
    })
  }
}

/** Kept as nearly everybody takes it: a tenth of the text. */
function compress(text: string) {
  const etag = Bun.SHA256.hash(text, 'base64url').slice(0, 22)
  return { zipped: Bun.gzipSync(text), etag }
}
