import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { noteWait } from '../../http/overhead.ts'
import type { Caller } from '../../modules/auth/resolve-caller.ts'
import { type DrawnImage, drawImages, type Painter } from '../../modules/images/draw-images.ts'
import { withinQuota } from '../../modules/images/within-quota.ts'
import { countOf } from './check-question.ts'
import { isWhole, wrong } from './field-kinds.ts'
import type { PickedModel } from './pick-model.ts'

interface DrawQuestion {
  request: Request
  fields: Record<string, unknown>
  /** The one that is asked, then those that stand in for it. */
  models: [PickedModel, ...PickedModel[]]
  signal: AbortSignal
}

/** In one task, where the provider draws apart from what speaks OpenAI's words. */
const mostImages = 4

/**
 * Has pictures drawn by a provider that does not speak OpenAI's words for it, and answers in them. What fails costs
 * nothing. Throws `invalid_request`, `quota_exceeded`, what `llm.drawImages` throws.
 */
export async function draw(
  deps: Deps,
  { user, key }: Caller,
  { request, fields, models, signal }: DrawQuestion,
): Promise<Response> {
  const { isByUrl, ...wish } = readWish(fields)
  const [model, ...others] = models
  const painters = [toPainter(model), ...others.map(toPainter)] as const
  const order = { userId: user.id, key, models: painters, count: wish.count }
  const images = await withinQuota(deps, order, async ({ onAtWork }) => {
    const askedAt = performance.now()
    try {
      return await drawImages(deps, painters, wish, { signal, onAtWork })
    } catch (error) {
      throw asOfQuestion(error)
    } finally {
      noteWait(request, performance.now() - askedAt)
    }
  })
  const created = Math.floor(deps.now().getTime() / 1000)
  return Response.json({ created, data: images.map((image) => itemOf(image, isByUrl)) })
}

/** It wishes for nothing that these providers do not know. */
export function canDraw(fields: Record<string, unknown>): boolean {
  try {
    readWish(fields)
    return true
  } catch {
    return false
  }
}

/** OpenAI's clients ask again after a 502, and a question that was refused is refused again. */
function asOfQuestion(error: unknown): unknown {
  const { code, message, extra } = findAppError(error) ?? {}
  if (code !== 'provider_rejected' || message === undefined || extra?.reason === undefined) return error
  const isContent = extra.reason === 'content'
  return new AppError(
    'invalid_request',
    message,
    isContent ? { extra: { code: 'content_policy_violation' } } : {},
  )
}

function toPainter({ ref, id, pictureMicros = null }: PickedModel): Painter {
  return { ref, id, pictureMicros }
}

function readWish(fields: Record<string, unknown>) {
  const { prompt, n, size, stream, response_format: format } = fields
  if (n != null && !isWhole(n, 1, mostImages)) {
    throw wrong('n', `Expected a whole number from 1 to ${mostImages}, the most of this model`)
  }
  if (stream === true) throw wrong('stream', 'This model draws whole pictures: expected false')
  if (format != null && format !== 'url' && format !== 'b64_json') {
    throw wrong('response_format', 'Expected url or b64_json')
  }
  return {
    prompt: String(prompt),
    count: countOf(fields),
    size: size == null || size === 'auto' ? null : readSize(size),
    isByUrl: format === 'url',
  }
}

function readSize(size: unknown): string {
  if (typeof size === 'string' && /^[1-9]\d{1,3}x[1-9]\d{1,3}$/.test(size)) return size
  throw wrong('size', 'Expected auto, or width and height such as 1024x1024')
}

/** The address is the provider's own, as long as that lasts: nothing is kept here. */
function itemOf({ bytes, url }: DrawnImage, isByUrl: boolean): { url: string } | { b64_json: string } {
  return isByUrl && url !== null ? { url } : { b64_json: Buffer.from(bytes).toString('base64') }
}
