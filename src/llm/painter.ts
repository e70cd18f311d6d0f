import type { Log } from '../lib/log.ts'
import type { Access } from './access.ts'
import { type AccessRing, type Attempt, createAccessRing } from './access-ring.ts'
import { drawAtOnce } from './draw-at-once.ts'
import { drawByTask, isDashScope } from './draw-by-task.ts'
import { appErrorOf, faultOfThrown } from './failures.ts'
import { type Fault, ProviderFailure, timeoutFault } from './fault.ts'
import type { DrawOptions, ImageProgress, ImageWish, Picture } from './llm.ts'
import { redact } from './redact.ts'

/** Has pictures drawn by the providers' models. */
export interface Painter {
  setAccesses(accesses: Map<string, Access[]>): void
  draw(wish: ImageWish, options: DrawOptions): Promise<Picture[]>
  /** For what is asked of an access beside all pictures. */
  attempt(access: Access): Attempt
}

/** One attempt with one key. */
export interface Drawing {
  wish: ImageWish
  access: Access
  model: string
  signal: AbortSignal
  onProgress(progress: ImageProgress): void
  onDrawn(): void
}

export function createPainter({ timeoutSeconds }: { timeoutSeconds: number }, log: Log): Painter {
  const rings = new Map<string, AccessRing>()
  return {
    setAccesses(accesses) {
      for (const [provider, own] of accesses) ringOf(provider).set(own)
      for (const [provider, ring] of rings) if (!accesses.has(provider)) ring.set([])
    },
    async draw(wish, { model, signal, onProgress = () => undefined, onDrawn = () => undefined }) {
      const ring = ringOf(model.provider)
      const accesses = ring.take()
      let fault: Fault = noAccess
      let isDrawn = false
      const drawing = {
        wish,
        model: model.model,
        signal,
        onProgress,
        onDrawn() {
          isDrawn = true
          onDrawn()
        },
      }
      for (const access of accesses) {
        const attempt = ring.begin(access)
        try {
          const pictures = await drawInTime({ ...drawing, access })
          attempt.worked()
          return pictures
        } catch (error) {
          signal.throwIfAborted()
          fault = faultOfThrown(error)
          const { code, status, reason } = fault
          const excerpt = redact(fault.excerpt, [access.apiKey, wish.prompt])
          log.warn(
            { provider: model.provider, access: access.id, code, status, reason, excerpt },
            'no picture was drawn',
          )
          // Another key would have them drawn and paid once more.
          if (isDrawn || !attempt.failed(fault)) break
        }
      }
      throw appErrorOf(fault)
    },
    attempt: (access) => ringOf(access.provider).begin(access),
  }

  function ringOf(provider: string): AccessRing {
    const ring = rings.get(provider) ?? createAccessRing()
    rings.set(provider, ring)
    return ring
  }

  /** The whole of it, waiting in the provider's queue included. */
  async function drawInTime(drawing: Drawing): Promise<Picture[]> {
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000)
    const signal = AbortSignal.any([drawing.signal, deadline])
    try {
      const draw = isDashScope(drawing.access) ? drawByTask : drawAtOnce
      return await draw({ ...drawing, signal })
    } catch (error) {
      throw deadline.aborted ? new ProviderFailure(timeoutFault('no picture in time')) : error
    }
  }
}

const noAccess: Fault = {
  code: 'provider_unavailable',
  status: null,
  reason: 'there is no key for it',
  excerpt: '',
}
