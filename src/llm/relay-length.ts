import type { RelayPath } from './llm.ts'
import type { Meter } from './relay-meter.ts'

interface LengthOptions {
  path: RelayPath
  meter: Pick<Meter, 'delivered'>
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
const lineFeed = 0x0a

/**
 * A piece costs an addition: what has come is read once when the limit could be reached, and from then on where it
 * will be, if the rest is not more than twice as dense.
 */
export function createLengthWatch({ path, meter, mostTokens, count }: LengthOptions): LengthWatch {
  let first: Uint8Array | null = null
  let bytesSoFar = 0
  let lookAt = mostTokens * leastBytesOfToken

  return {
    cut(bytes) {
      first ??= bytes
      bytesSoFar += bytes.byteLength
      if (bytesSoFar < lookAt) return null
      const { tokens, isWhole } = meter.delivered()
      const bytesOfToken = bytesSoFar / Math.max(tokens, 1) / 2
      const step = Math.min(Math.max(bytesOfToken, leastBytesOfToken), mostBytesOfToken)
      lookAt = bytesSoFar + Math.max((mostTokens - tokens) * step, leastBytesBetween)
      if (isWhole || tokens <= mostTokens) return null
      const end = bytes.lastIndexOf(lineFeed) + 1
      // In the middle of a line: it is cut as soon as one ends.
      if (end === 0) lookAt = bytesSoFar
      return end === 0 ? null : Buffer.concat([bytes.subarray(0, end), endOf(bytes)])
    },
  }

  /** The blank line ends what has begun, if anything has. */
  function endOf(last: Uint8Array): Uint8Array {
    const opening = fieldsIn(first ?? last)
    if (path === '/responses') return Buffer.from(`\n${endOfResponse(opening, last)}`)
    const { id, object = 'chat.completion.chunk', created, model } = opening
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

/** Of the first event in it. */
function fieldsIn(bytes: Uint8Array): Record<string, unknown> {
  const line = /^data:\s*(\{.*\})\s*$/m.exec(Buffer.from(bytes).toString())?.[1]
  try {
    const fields: unknown = JSON.parse(line ?? '{}')
    return typeof fields === 'object' && fields !== null ? { ...fields } : {}
  } catch {
    return {}
  }
}
