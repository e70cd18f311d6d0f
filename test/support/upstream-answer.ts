import type { Script } from './upstream-scripts.ts'

const utf8 = new TextEncoder()

/** Plays a script as one HTTP answer; `close` hears once how it ended. */
export async function answerScript(
  script: Script,
  question: Record<string, unknown>,
  close: (state: 'ended' | 'left') => void,
): Promise<Response> {
  if (script.hang) return new Promise(() => {})
  if (script.headersMs) await Bun.sleep(script.headersMs)
  await script.until
  const status = script.status ?? 200
  if (script.body !== undefined) {
    close('ended')
    return new Response(script.body, {
      status,
      headers: script.headers ?? { 'content-type': 'application/json' },
    })
  }
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', ...script.headers }
  return new Response(streamOf(script, question, close), { status, headers })
}

function streamOf(
  script: Script,
  question: Record<string, unknown>,
  close: (state: 'ended' | 'left') => void,
): ReadableStream<Uint8Array> {
  let left = false
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        if (script.firstTokenMs) await Bun.sleep(script.firstTokenMs)
        let dueAt = performance.now()
        for (const piece of piecesOf(script, question)) {
          if (left) return
          controller.enqueue(piece)
          if (!script.delayMs) continue
          // Not so long after the last one: streams that were late together would stay together for ever.
          dueAt += script.delayMs
          await Bun.sleep(Math.max(0, dueAt - performance.now()))
        }
        if (left || script.end === 'hang' || script.end === 'linger') return
        if (script.end === 'cut') {
          // A moment, or what was written is lost with the socket.
          await Bun.sleep(20)
          controller.error()
        } else controller.close()
        close('ended')
      } catch {
        // The client left between two tokens: `enqueue` throws.
        close('left')
      }
    },
    cancel() {
      left = true
      close('left')
    },
  })
}

/** The bytes of an answer, one piece a write. */
function piecesOf(script: Script, question: Record<string, unknown>): Iterable<Uint8Array> {
  if (script.raw) return script.raw.map((piece) => (typeof piece === 'string' ? utf8.encode(piece) : piece))
  const plain = script.text === undefined && script.reasoning === undefined
  const tokens = plain
    ? madeUpTokens(script.tokens ?? 16, String(question.model), script.delayMs === undefined)
    : spokenTokens(script, String(question.model))
  return [...tokens, ...lastPieces(script, question)]
}

const known = new Map<string, Uint8Array[]>()

/** Tokens of a bench: encoded once, and when nothing paces them, joined into four writes. */
function madeUpTokens(count: number, model: string, joined: boolean): Uint8Array[] {
  const key = `${count} ${model} ${joined}`
  const before = known.get(key)
  if (before) return before
  const events = Array.from({ length: count }, (_, at) => chunk(model, { content: word(at) }))
  const share = joined ? Math.max(1, Math.ceil(count / 4)) : 1
  const pieces: Uint8Array[] = []
  for (let at = 0; at < count; at += share) pieces.push(utf8.encode(events.slice(at, at + share).join('')))
  known.set(key, pieces)
  return pieces
}

/** The text of the n-th made-up token: `word0 `, `word1 ` … */
export function word(at: number): string {
  return `word${at} `
}

function spokenTokens(script: Script, model: string): Uint8Array[] {
  const reasoning = script.reasoning ?? []
  return [
    ...reasoning.map((text) => chunk(model, { content: null, reasoning_content: text })),
    ...(script.text ?? []).map((text) => chunk(model, { content: text })),
  ].map((event) => utf8.encode(event))
}

function lastPieces(script: Script, question: Record<string, unknown>): Uint8Array[] {
  const { end = 'done' } = script
  const model = String(question.model)
  if (end === 'error') {
    const error = script.error ?? { message: 'the engine died', type: 'server_error', code: 500 }
    return [utf8.encode(`data: ${JSON.stringify({ error })}\n\n`)]
  }
  if (end === 'bare' || end === 'cut' || end === 'hang') return []
  const finish = script.finishReason === undefined ? 'stop' : script.finishReason
  let last = finish === null ? '' : chunk(model, {}, finish)
  if (script.usage !== null && (script.usage !== undefined || asksForUsage(question))) {
    last += `data: ${JSON.stringify({ ...frame(model), choices: [], usage: script.usage ?? count(script) })}\n\n`
  }
  if (end !== 'no-done') last += 'data: [DONE]\n\n'
  return [utf8.encode(last)]
}

function asksForUsage(question: Record<string, unknown>): boolean {
  const options = question.stream_options as { include_usage?: boolean } | undefined
  return options?.include_usage === true
}

function count(script: Script) {
  const completion = (script.text?.length ?? script.tokens ?? 16) + (script.reasoning?.length ?? 0)
  return { prompt_tokens: 7, completion_tokens: completion, total_tokens: 7 + completion }
}

function chunk(model: string, delta: Record<string, unknown>, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ ...frame(model), choices })}\n\n`
}

function frame(model: string) {
  return { id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 1_700_000_000, model }
}
