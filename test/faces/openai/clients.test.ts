import { expect, setDefaultTimeout, test } from 'bun:test'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { describeOnBothStacks } from '../../support/harness.ts'
import { clientOf, hello, openGateway, overheadOf } from './gateway.ts'

setDefaultTimeout(60_000)

const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 }
const whole = (message: object, finish_reason = 'stop') =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'deepseek-chat',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, logprobs: null, finish_reason }],
    usage,
  })

const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'The weather somewhere',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const toolCall = { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }
const toolChunks = [
  { role: 'assistant', content: null, tool_calls: [toolCall] },
  { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
  { tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] },
].map((delta) => chunk({ choices: [{ index: 0, delta, finish_reason: null }] }))
const toolEnd = [
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }),
  chunk({ choices: [], usage }),
  'data: [DONE]\n\n',
]

function chunk(more: object): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...more })}\n\n`
}

describeOnBothStacks('OpenAI’s own client', (start) => {
  test('lists models, streams, calls tools, and gets what it asked for as the provider has it', async () => {
    await using at = await openGateway(start)
    const { client, app } = at
    expect((await client.models.list()).data).toEqual([
      expect.objectContaining({ id: 'deepseek/deepseek-chat', object: 'model', owned_by: 'deepseek' }),
    ])
    expect(await client.models.retrieve('deepseek/deepseek-chat')).toMatchObject({
      id: 'deepseek/deepseek-chat',
    })

    app.upstream.play({ text: ['你', '好'] })
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const one of await client.chat.completions.create({ ...hello, stream: true })) chunks.push(one)
    expect(chunks.map(({ choices }) => choices[0]?.delta.content)).toEqual(['你', '好', undefined])
    expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true)

    app.upstream.play({ text: ['a', 'b'] })
    const wished = { ...hello, stream: true, stream_options: { include_usage: true } } as const
    const counted: OpenAI.ChatCompletionChunk[] = []
    for await (const one of await client.chat.completions.create(wished)) counted.push(one)
    expect(counted.at(-1)).toMatchObject({ choices: [], usage })

    app.upstream.play({ raw: [...toolChunks, ...toolEnd] })
    const tools = client.chat.completions.stream({ ...hello, tools: [weather], tool_choice: 'auto' })
    const said = (await tools.finalChatCompletion()).choices[0]?.message.tool_calls
    expect(said).toMatchObject([
      { id: 'call_1', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
    ])

    app.upstream.play({ body: whole({ content: 'Hello' }) })
    const rare = {
      ...hello,
      n: 1,
      stop: ['END'],
      seed: 42,
      logprobs: true,
      top_logprobs: 2,
      response_format: { type: 'json_object' as const },
      messages: [
        { role: 'system' as const, content: 'Be kind.' },
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'What is this?' },
            { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        },
      ],
      of_tomorrow: { deep: [1, 2, { three: null }] },
    }
    const { data, response } = await client.chat.completions.create(rare).withResponse()
    expect(data).toMatchObject({ choices: [{ message: { content: 'Hello' } }], usage })
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(overheadOf(response)).toBeGreaterThan(0)
    expect(app.upstream.requests.at(-1)?.body).toEqual(rare)
  })

  test('embeds, draws and responds where the provider can', async () => {
    await using at = await openGateway(start)
    const { client, app } = at
    const vectors = {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.5, -1] }],
      model: 'm',
    }
    app.upstream.play({ body: JSON.stringify({ ...vectors, usage: { prompt_tokens: 5, total_tokens: 5 } }) })
    const embedding = { model: 'deepseek', input: 'hello', encoding_format: 'float' as const }
    expect((await client.embeddings.create(embedding)).data[0]?.embedding).toEqual([0.5, -1])

    app.upstream.play({
      body: JSON.stringify({ created: 1, data: [{ b64_json: 'AAAA' }, { b64_json: 'BBBB' }] }),
    })
    const drawn = await client.images.generate({ model: 'deepseek', prompt: 'a cat', n: 2 })
    expect(drawn.data).toHaveLength(2)

    const answer = {
      id: 'resp_1',
      object: 'response',
      status: 'completed',
      output: [
        {
          type: 'message',
          id: 'm',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
        },
      ],
      usage: {
        input_tokens: 11,
        output_tokens: 3,
        total_tokens: 14,
        input_tokens_details: { cached_tokens: 4 },
      },
    }
    const event = (type: string, more: object) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
    app.upstream.play({
      raw: [
        event('response.created', {
          response: { ...answer, status: 'in_progress', output: [], usage: null },
        }),
        event('response.output_text.delta', { item_id: 'm', output_index: 0, content_index: 0, delta: 'Hi' }),
        event('response.completed', { response: answer }),
      ],
    })
    const types: string[] = []
    const stream = await client.responses.create({ model: 'deepseek', input: 'hello', stream: true })
    for await (const { type } of stream) types.push(type)
    expect(types).toEqual(['response.created', 'response.output_text.delta', 'response.completed'])

    expect(await at.ledger(3)).toMatchObject([
      { kind: 'embedding', prompt: 5, completion: 0, isEstimated: false },
      { kind: 'image', images: 2, outcome: 'complete' },
      { kind: 'response', prompt: 11, completion: 3, isEstimated: false, keyId: at.keyId },
    ])
    expect(app.upstream.requests.map(({ path }) => path)).toEqual([
      '/v1/embeddings',
      '/v1/images/generations',
      '/v1/responses',
    ])
  })

  test('throws its own errors, tries again by itself, and stops the model by leaving', async () => {
    await using at = await openGateway(start)
    const { client, app } = at
    const errorOf = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: unknown) => error,
      )
    expect(await errorOf(clientOf(app.url, 'cc-wrong').models.list())).toBeInstanceOf(
      OpenAI.AuthenticationError,
    )
    const unknown = await errorOf(client.chat.completions.create({ ...hello, model: 'gpt-none' }))
    expect(unknown).toBeInstanceOf(OpenAI.NotFoundError)
    expect(unknown).toMatchObject({ code: 'model_not_found', type: 'invalid_request_error', param: 'model' })
    const empty = await errorOf(client.chat.completions.create({ ...hello, messages: [] }))
    expect(empty).toBeInstanceOf(OpenAI.BadRequestError)

    app.upstream.play({ text: ['so', ' far'], end: 'error' })
    let text = ''
    const broken = await errorOf(
      (async () => {
        const stream = await client.chat.completions.create({ ...hello, stream: true })
        for await (const one of stream) text += one.choices[0]?.delta.content ?? ''
      })(),
    )
    expect(broken).toBeInstanceOf(OpenAI.APIError)
    expect(text).toBe('so far')

    app.upstream.reset()
    app.upstream.play({ status: 503, body: '{}' }, { body: whole({ content: 'at last' }) })
    const patient = clientOf(app.url, at.key, 1)
    expect((await patient.chat.completions.create(hello)).choices[0]?.message.content).toBe('at last')
    expect(app.upstream.requests).toHaveLength(2)

    app.upstream.reset()
    app.upstream.play({ text: ['first', 'never'], delayMs: 60_000 })
    const stream = await client.chat.completions.create({ ...hello, stream: true })
    for await (const one of stream) if (one.choices[0]?.delta.content) stream.controller.abort()
    expect(await app.upstream.requests[0]?.closed).toBe('left')
  })
})

describeOnBothStacks('programs on other libraries', (start) => {
  test('LangChain asks, streams, calls tools and embeds', async () => {
    await using at = await openGateway(start)
    const { app } = at
    const configuration = { baseURL: `${app.url}/v1` }
    const model = new ChatOpenAI({ model: 'deepseek-chat', apiKey: at.key, configuration, maxRetries: 0 })
    app.upstream.play({ body: whole({ content: 'Hello' }) })
    const answer = await model.invoke('hi')
    expect(answer.content).toBe('Hello')
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 7, output_tokens: 2 })

    app.upstream.play({ text: ['Hel', 'lo'] })
    let streamed = ''
    for await (const one of await model.stream('hi')) streamed += one.content
    expect(streamed).toBe('Hello')

    app.upstream.play({ raw: [...toolChunks, ...toolEnd] })
    const calls: unknown[] = []
    for await (const one of await model.bindTools([weather]).stream('hi'))
      calls.push(...(one.tool_call_chunks ?? []))
    expect(calls).toHaveLength(3)

    app.upstream.play({
      body: JSON.stringify({
        object: 'list',
        model: 'm',
        data: [{ object: 'embedding', index: 0, embedding: [1, 2] }],
        usage: { prompt_tokens: 1, total_tokens: 1 },
      }),
    })
    const embeddings = new OpenAIEmbeddings({
      model: 'deepseek',
      apiKey: at.key,
      configuration,
      encodingFormat: 'float',
    })
    expect(await embeddings.embedQuery('hi')).toEqual([1, 2])
  })

  test('the AI SDK generates, streams and calls tools', async () => {
    await using at = await openGateway(start)
    const { app } = at
    const provider = createOpenAICompatible({
      name: 'cloudchat',
      baseURL: `${app.url}/v1`,
      apiKey: at.key,
      includeUsage: true,
    })
    const model = provider('deepseek-chat')
    app.upstream.play({ body: whole({ content: 'Hello' }) })
    const generated = await generateText({ model, prompt: 'hi', maxRetries: 0 })
    expect(generated.text).toBe('Hello')
    expect(generated.usage).toMatchObject({ inputTokens: 7, outputTokens: 2 })

    app.upstream.play({ text: ['Hel', 'lo'] })
    const stream = streamText({ model, prompt: 'hi', maxRetries: 0 })
    let streamed = ''
    for await (const text of stream.textStream) streamed += text
    expect(streamed).toBe('Hello')
    expect(await stream.usage).toMatchObject({ inputTokens: 7, outputTokens: 2 })
  })
})
