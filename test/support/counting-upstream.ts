/** How an answer goes on, by the name of the model. */
export type CountedModel = 'whole' | 'slow' | 'cut' | 'silent'

/** What a provider says of what it has served. */
export interface CountingUpstream {
  /** With `/v1`. */
  url: string
  /** Answers that were written to their end with a count. */
  whole: number
  /** Words that were written, each a token, of answers that came to no end as well. */
  words: Record<CountedModel, number>
  /** How often it has refused, by status. */
  refused: Record<number, number>
  stop(): Promise<void>
}

const utf8 = new TextEncoder()
const chunk = (more: object) =>
  utf8.encode(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', ...more })}\n\n`,
  )
const word = chunk({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] })

/**
 * An OpenAI-compatible provider that says as many tokens as `seed` wants. By the model's name it ends as it should
 * (`whole`), takes its time (`slow`), breaks off (`cut`) or goes silent (`silent`). Keys that are named
 * for a status (`sk-429`) are refused with it, and shall rest.
 */
export function startCountingUpstream(): CountingUpstream {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const status = Number(request.headers.get('authorization')?.match(/^Bearer sk-(\d{3})$/)?.[1] ?? 200)
      if (status !== 200) {
        upstream.refused[status] = (upstream.refused[status] ?? 0) + 1
        return new Response('{}', { status, headers: { 'retry-after': '600' } })
      }
      const { model, seed } = (await request.json()) as { model: CountedModel; seed: number }
      return new Response(answer(model, seed), { headers: { 'content-type': 'text/event-stream' } })
    },
  })
  const upstream: CountingUpstream = {
    url: `http://127.0.0.1:${server.port}/v1`,
    whole: 0,
    words: { whole: 0, slow: 0, cut: 0, silent: 0 },
    refused: {},
    stop: () => server.stop(true),
  }
  return upstream

  function answer(model: CountedModel, tokens: number): ReadableStream<Uint8Array> {
    let left = tokens
    return new ReadableStream({
      async pull(controller) {
        if (left-- > 0) {
          upstream.words[model]++
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
        }
      },
    })
  }
}
