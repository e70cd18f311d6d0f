/** What a provider says of what it has served. */
export interface CountingUpstream {
  /** With `/v1`. */
  url: string
  /** Answers that were written to their end with a count, and the tokens in them. */
  whole: number
  tokens: number
  stop(): Promise<void>
}

const utf8 = new TextEncoder()
const chunk = (more: object) =>
  utf8.encode(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', ...more })}\n\n`,
  )
const word = chunk({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] })

/**
 * An OpenAI-compatible provider that refuses the key `sk-bad`, and says as many tokens as `seed` wants. By the model's
 * name it ends as it should (`whole`), takes its time (`slow`), breaks off (`cut`) or goes silent (`silent`).
 */
export function startCountingUpstream(): CountingUpstream {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      if (request.headers.get('authorization') === 'Bearer sk-bad') return new Response('{}', { status: 401 })
      const { model, seed } = (await request.json()) as { model: string; seed: number }
      return new Response(answer(model, seed), { headers: { 'content-type': 'text/event-stream' } })
    },
  })
  const upstream: CountingUpstream = {
    url: `http://127.0.0.1:${server.port}/v1`,
    whole: 0,
    tokens: 0,
    stop: () => server.stop(true),
  }
  return upstream

  function answer(model: string, tokens: number): ReadableStream<Uint8Array> {
    let left = tokens
    return new ReadableStream({
      async pull(controller) {
        if (left-- > 0) {
          controller.enqueue(word)
          if (model === 'slow') await Bun.sleep(20)
        } else if (model === 'cut') {
          await Bun.sleep(5)
          controller.error()
        } else if (model === 'silent') await new Promise(() => {})
        else {
          const usage = { prompt_tokens: 9, completion_tokens: tokens, total_tokens: 9 + tokens }
          controller.enqueue(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }))
          controller.enqueue(chunk({ choices: [], usage }))
          controller.enqueue(utf8.encode('data: [DONE]\n\n'))
          controller.close()
          upstream.whole++
          upstream.tokens += tokens
        }
      },
    })
  }
}
