import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { describeError } from '../../lib/describe-error.ts'
import { untilSessionEnds } from '../../modules/auth/watch-session.ts'
import { type Drawing, type DrawnImage, drawImages } from '../../modules/images/draw-images.ts'
import { withinQuota } from '../../modules/images/within-quota.ts'
import { chooseImageModel } from '../../modules/models/image-models.ts'
import { admitChat } from './admit-chat.ts'
import type { FaceHandler } from './face-request.ts'
import { readFields } from './fields.ts'
import { holdRoom } from './hold-room.ts'

/**
 * One picture, in the answer itself: whoever asks here may have no account, and so no place to keep it. Like a
 * question it is the caller's alone, and ends when he leaves, or is logged out.
 */
export function generateImage(deps: Deps): FaceHandler {
  return async ({ request, client, keepOpen }) => {
    const { prompt } = await readFields(request, { prompt: { maxLength: 4000, trim: true } })
    if (!prompt) throw new AppError('invalid_request', 'Prompt is required')
    const { userId, sessionId } = await admitChat(deps, request, client)
    keepOpen()
    const wish = { prompt, size: null, count: 1 }
    const { signal, unwatch } = untilSessionEnds(deps, request.signal, sessionId)
    let isDrawing = true
    try {
      const models = await chooseImageModel(deps, null, { userId, allowed: null })
      isDrawing = false
      const draw = (drawing: Pick<Drawing, 'onAtWork'>) => {
        isDrawing = true
        return drawImages(deps, models, wish, { signal, ...drawing })
      }
      const images = await withinQuota(deps, { userId, key: null, models, count: 1 }, draw, holdRoom)
      return Response.json({ image_urls: images.map(dataUrl) })
    } catch (error) {
      const known = findAppError(error)
      if (!isDrawing || known?.code === 'forbidden') throw error
      if (known === null && !signal.aborted) {
        deps.log.error({ error: describeError(error) }, 'no picture could be drawn')
      }
      // Whatever it was: the front end knows this one word.
      return Response.json({ error: 'Failed to generate image' }, { status: 500 })
    } finally {
      unwatch()
    }
  }
}

function dataUrl({ bytes, type }: DrawnImage): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`
}
