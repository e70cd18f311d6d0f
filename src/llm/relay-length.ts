import type { RelayPath } from './llm.ts'
import type { Meter } from './relay-meter.ts'
import { textOfLines } from './relay-usage.ts'

interface LengthOptions {
  path: RelayPath
  meter: Pick<Meter, 'delivered'>
  estimate(text: string): number
  /** By our estimate, of all texts in the answer together. */
  mostTokens: number
  /** So many answers are given at once. */
  count: number
}

/** Watches how long a stream has become that somebody's plan has no room for without end. */
export interface LengthWatch {
  /** The bytes up to which there is room, and an end as its model would have put it; null: there is room for all. */
  cut(bytes: Uint8Array): Uint8Array | null
}

/** No token that we estimate has fewer: so far there is nothing to look at. */
const leastBytesOfToken = 2
/** Beyond this nothing is learned from how long they were so far: there may have been none. */
const mostBytesOfToken = 256
const leastBytesBetween = 1024
/** The first event is in it; of a response that is one with all that was asked for. */
const openingBytes = { chunks: 1024, response: 32 << 10 }
const lineFeed = 0x0a

/**
 * A piece costs an addition: when the limit could be reached, how dense the stream is tells where it will be, if the
 * rest is not more than twice as dense. That is learned from the opening first, as reading all of a stream costs as
 * much as passing it on.
 */
export function createLengthWatch({ path, meter, estimate, mostTokens, count }: LengthOptions): LengthWatch {
  const isResponse = path === '/responses'
  const mostOpening = isResponse ? openingBytes.response : openingBytes.chunks
  let opening = Buffer.alloc(0)
  let isOpeningRead = isResponse
  let bytesSoFar = 0
  let lookAt = mostTokens * leastBytesOfToken

  return {
    cut(bytes) {
      // A copy: a part would keep all of the piece in memory.
      if (opening.length < mostOpening) {
        opening = Buffer.concat([opening, bytes.subarray(0, mostOpening - opening.length)])
      }
      bytesSoFar += bytes.byteLength
      if (bytesSoFar < lookAt) return null
      if (!isOpeningRead) {
        isOpeningRead = true
        const tokens = estimate(textOfLines(path, opening.toString()))
        if (tokens > 0) lookAt = nextLook(tokens, opening.length)
        if (bytesSoFar < lookAt) return null
      }
      const { tokens, isWhole } = meter.delivered()
      lookAt = nextLook(tokens, bytesSoFar)
      if (isWhole || tokens <= mostTokens) return null
      const end = bytes.lastIndexOf(lineFeed) + 1
      // In the middle of a line: it is cut as soon as one ends.
      if (end === 0) lookAt = bytesSoFar
      return end === 0 ? null : Buffer.concat([bytes.subarray(0, end), endOf(bytes)])
    },
  }

  function nextLook(tokens: number, bytes: number): number {
    const bytesOfToken = bytes / Math.max(tokens, 1) / 2
    const step = Math.min(Math.max(bytesOfToken, leastBytesOfToken), mostBytesOfToken)
    return bytes + Math.max((mostTokens - tokens) * step, leastBytesBetween)
  }

  /** The blank line ends what has begun, if anything has. */
  function endOf(last: Uint8Array): Uint8Array {
    const first = firstEvent(opening)
    if (isResponse) return Buffer.from(`\n${endOfResponse(first, last)}`)
    const { id, object = 'chat.completion.chunk', created, model } = first
    const choices = Array.from({ length: count }, (_, index) => ({
      index,
      delta: {},
      logprobs: null,
      finish_reason: 'length',
    }))
    return Buffer.from(
      `\ndata: ${JSON.stringify({ id, object, created, model, choices })}\n\ndata: [DONE]\n\n`,
    )
  }
}

function endOfResponse({ response }: Record<string, unknown>, last: Uint8Array): string {
  const numbers = [
    ...Buffer.from(last)
      .toString()
      .matchAll(/"sequence_number":\s*(\d+)/g),
  ]
  const event = {
    type: 'response.incomplete',
    sequence_number: Number(numbers.at(-1)?.[1] ?? 0) + 1,
    response: {
      ...(typeof response === 'object' ? response : {}),
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    },
  }
  return `event: response.incomplete\ndata: ${JSON.stringify(event)}\n\n`
}

function firstEvent(bytes: Uint8Array): Record<string, unknown> {
  const line = /^data:\s*(\{.*\})\s*$/m.exec(Buffer.from(bytes).toString())?.[1]
  try {
    const fields: unknown = JSON.parse(line ?? '{}')
    return typeof fields === 'object' && fields !== null ? { ...fields } : {}
  } catch {
    return {}
  }
}
