/** One answer of a provider that says only what the test tells it to, when it tells it to. */
export interface GatedAnswer {
  question: { messages: { role: string; content: string }[] }
  say(text: string): void
  /** Before it speaks, as models that reason do. */
  think(text: string): void
  /** Finishes the answer as providers do. */
  end(): void
  /** Settles when the service has gone away before the end. */
  left: Promise<void>
}

export interface GatedUpstream {
  /** With `/v1`. */
  url: string
  /** All answers begun so far. */
  answers: GatedAnswer[]
  /** The answer number `count` (1 is the first), now or once it is asked for. */
  answer(count: number): Promise<GatedAnswer>
  stop(): Promise<void>
}

/**
 * An OpenAI-compatible provider whose every word waits for the test: what arrives before the next word is said
 * has arrived one by one, whatever the clock says. `headersAfter`: no answer begins before that many are asked for.
 */
export function startGatedUpstream({ headersAfter = 1 } = {}): GatedUpstream {
  const answers: GatedAnswer[] = []
  const waiting = new Set<() => void>()
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (answers.length < count) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { answer, body } = openAnswer((await request.json()) as GatedAnswer['question'], request.signal)
      answers.push(answer)
      for (const look of [...waiting]) look()
      await until(headersAfter)
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
  })

  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    answers,
    async answer(count) {
      await until(count)
      return answers[count - 1] as GatedAnswer
    },
    stop: () => server.stop(true),
  }
}

function openAnswer(question: GatedAnswer['question'], signal: AbortSignal) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => leave())
  const write = (data: string) => {
    writer.write(encoder.encode(`data: ${data}\n\n`)).catch(() => leave())
  }
  const chunk = (delta: object, finish: string | null) =>
    JSON.stringify({
      id: 'x',
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
    })
  const answer: GatedAnswer = {
    question,
    left,
    say: (text) => write(chunk({ content: text }, null)),
    think: (text) => write(chunk({ reasoning_content: text }, null)),
    end() {
      write(chunk({}, 'stop'))
      write('[DONE]')
      writer.close().catch(() => leave())
    },
  }
  return { answer, body: readable }
}
