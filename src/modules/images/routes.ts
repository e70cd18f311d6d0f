import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { acceptedType } from '../../http/accept.ts'
import { jsonBody } from '../../http/body.ts'
import { isKnownByClient } from '../../http/etag.ts'
import { sse } from '../../http/sse.ts'
import { workEvents } from '../../http/work-events.ts'
import { checkId } from '../../lib/check-id.ts'
import { describeError } from '../../lib/describe-error.ts'
import { authGuard } from '../auth/guard.ts'
import type { Caller } from '../auth/resolve-caller.ts'
import { untilCallerEnds, watchCaller } from '../auth/watch-caller.ts'
import { createImages } from './create-images.ts'
import { deleteImage } from './delete-image.ts'
import { getImage, openImage } from './get-image.ts'
import type { Image } from './image.ts'
import { type ImageChoice, listImageChoices } from './list-image-choices.ts'
import { listImages } from './list-images.ts'
import { operations } from './operations.ts'
import { drawnView, imageBody, imageModelsView, imagesQuery, imagesView, imageView } from './schema.ts'

const maxBodyBytes = 32 * 1024
const defaultLimit = 30

/** Pictures: drawn, listed, shown and deleted. */
export function imageRoutes(deps: Deps) {
  return new Elysia({ name: 'images', prefix: '/api/v1' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .post(
      '/images',
      async ({ request, server, user, key, sessionId, body, set }) => {
        const caller = { user, key, sessionId }
        server?.timeout(request, 0)
        const order = toOrder(body)
        const isStream =
          acceptedType(request, ['application/json', 'text/event-stream']) === 'text/event-stream'
        // A stream passes by the schema of the answer.
        if (isStream) return stream(deps, request, caller, order) as never
        const { signal, unwatch } = untilCallerEnds(deps, request.signal, caller)
        try {
          const images = await createImages(deps, { userId: user.id, key }, order, { signal })
          set.status = 201
          return { items: images.map((image) => viewOf(deps, image)) }
        } finally {
          unwatch()
        }
      },
      { authOrKey: 'images', body: imageBody, response: { 201: drawnView }, detail: operations.createImages },
    )
    .get(
      '/images',
      async ({ user, query: { cursor, limit = defaultLimit } }) => {
        const page = await listImages(deps, user.id, { cursor: cursor || null, limit })
        return { items: page.items.map((image) => viewOf(deps, image)), next_cursor: page.nextCursor }
      },
      { authOrKey: 'files', query: imagesQuery, response: imagesView, detail: operations.listImages },
    )
    .get(
      '/images/:id',
      async ({ user, params }) => viewOf(deps, await getImage(deps, user.id, checkId(params.id))),
      {
        authOrKey: 'files',
        response: imageView,
        detail: operations.getImage,
      },
    )
    .get(
      '/images/:id/content',
      async ({ request, user, params }) => content(deps, request, user.id, checkId(params.id)),
      {
        authOrKey: 'files',
        detail: operations.getImageContent,
      },
    )
    .delete(
      '/images/:id',
      async ({ user, params, set }) => {
        await deleteImage(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { authOrKey: 'files', detail: operations.deleteImage },
    )
    .get(
      '/image-models',
      async ({ user, key }) => {
        const choices = await listImageChoices(deps, user, key?.models ?? null)
        return { items: choices.map((choice) => viewOfModel(deps, choice)), next_cursor: null }
      },
      { authOrKey: 'images', response: imageModelsView, detail: operations.listImageModels },
    )
}

type Order = ReturnType<typeof toOrder>

function toOrder({ prompt, model = null, size = null, n }: typeof imageBody.static) {
  return { prompt, model, size, count: n ?? 1 }
}

function stream(deps: Deps, request: Request, caller: Caller, order: Order): Response {
  const { user, key } = caller
  const reader = workEvents({
    async work(tell, signal) {
      const onProgress = (progress: string) => tell(progress, {})
      const images = await createImages(deps, { userId: user.id, key }, order, { signal, onProgress })
      return { items: images.map((image) => viewOf(deps, image)) }
    },
    onFault: (error) => deps.log.error({ error: describeError(error) }, 'no picture could be drawn'),
  })
  return sse(request, reader, { whileOpen: (end) => watchCaller(deps, caller, end) })
}

async function content(deps: Deps, request: Request, userId: number, id: string): Promise<Response> {
  const { image, blob } = await openImage(deps, userId, id)
  const etag = `"${id}"`
  const headers = {
    etag,
    'cache-control': 'private, max-age=31536000, immutable',
    // Opened by itself it is a document of ours: nothing in it may act as one.
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': `inline; filename="${id}.${image.contentType.slice('image/'.length)}"`,
  }
  if (isKnownByClient(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(blob.stream(), {
    headers: { ...headers, 'content-type': image.contentType, 'content-length': String(blob.size) },
  })
}

function viewOf({ config }: Deps, image: Image): typeof imageView.static {
  return {
    id: image.id,
    url: `${config.frontendBaseUrl}/api/v1/images/${image.id}/content`,
    prompt: image.prompt,
    model: image.model,
    size: image.size || null,
    content_type: image.contentType,
    bytes: image.byteSize,
    created_at: image.createdAt.toISOString(),
  }
}

function viewOfModel(
  { config }: Deps,
  { id, ref, name, pictureMicros, isAvailable, isDefault }: ImageChoice,
): (typeof imageModelsView.static.items)[number] {
  return {
    id,
    provider: ref.provider,
    name,
    prices: pictureMicros === null ? null : { currency: config.currency, picture: pictureMicros },
    available: isAvailable,
    default: isDefault,
  }
}
