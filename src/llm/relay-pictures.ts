import type { TokenUsage } from './llm.ts'
import type { Meter } from './relay-meter.ts'
import { usageAtEnd } from './relay-usage.ts'

/** More than anything that is said beside the picture itself. */
const mostKept = 2048
const lineFeed = 0x0a

/**
 * Reads a stream of pictures as far as its bill needs it. Each event is a line of megabytes: of that nothing but the
 * beginning and the end is kept. Its proper end is OpenAI's last event, behind which there is no `[DONE]`.
 */
export function createPictureMeter(): Meter {
  /** Of the line under way, without its middle. */
  let line = ''
  let usage: TokenUsage | null = null
  let completed = 0
  /** Some tell of each picture, and then that all are completed. */
  let succeeded = 0
  let isDone = false

  return {
    push(bytes) {
      for (let from = 0; ; ) {
        const end = bytes.indexOf(lineFeed, from)
        keep(bytes.subarray(from, end === -1 ? bytes.length : end))
        if (end === -1) break
        readLine()
        from = end + 1
      }
    },
    delivered: () => ({ tokens: 0, isWhole: isWhole() }),
    tokensSoFar: () => 0,
    end() {
      readLine()
      return { usage, deliveredTokens: 0, isWhole: isWhole(), pictures: succeeded || completed }
    },
  }

  function keep({ buffer, byteOffset, length }: Uint8Array): void {
    const bytes = Buffer.from(buffer, byteOffset, length)
    line += withoutMiddle(length, (from, to) => bytes.toString('latin1', from, to))
    const all = line
    line = withoutMiddle(all.length, (from, to) => all.slice(from, to))
  }

  function readLine(): void {
    const said = line
    line = ''
    if (!said.startsWith('data:')) return
    if (/^data:\s*\[DONE\]/.test(said)) isDone = true
    // It may be cut in the middle of the picture.
    if (!said.trimEnd().endsWith('}')) return
    const [, event] =
      /"type"\s*:\s*"image_(?:generation|edit)\.(completed|partial_succeeded)"/.exec(said) ?? []
    if (event === 'completed') completed++
    if (event === 'partial_succeeded') succeeded++
    usage = usageAtEnd('/images/generations', said) ?? usage
  }

  function isWhole(): boolean {
    return isDone || completed > 0
  }
}

function withoutMiddle(length: number, slice: (from: number, to: number) => string): string {
  if (length <= 2 * mostKept) return slice(0, length)
  return slice(0, mostKept) + slice(length - mostKept, length)
}
