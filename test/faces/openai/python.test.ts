import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'
import { openGateway } from './gateway.ts'
import { PythonApiError, pythonClient } from './python-client.ts'

setDefaultTimeout(60_000)

const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 }
const chat = '/chat/completions'

/** As httpx has written it until 0.27: spaces, escapes, and floats that stay floats. */
const older =
  '{"messages": [{"role": "user", "content": "\\u4f60\\u597d \\ud83d\\ude42"}], "model": "deepseek-chat", "stream": true, "temperature": 0.0}'
/** And since. */
const newer = '{"messages":[{"role":"user","content":"你好 🙂"}],"model":"deepseek-chat","temperature":1.0}'

async function textOf(stream: AsyncGenerator<Record<string, unknown>>): Promise<string> {
  let text = ''
  for await (const { choices } of stream) {
    const [choice] = choices as { delta: { content?: string } }[]
    text += choice?.delta.content ?? ''
  }
  return text
}

async function raisedBy(work: Promise<unknown>): Promise<PythonApiError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof PythonApiError) return error
  throw error ?? new Error('nothing was raised')
}

describeOnBothStacks('OpenAI’s client for Python, by what it sends and reads', (start) => {
  test('lists models, streams, and gets whole answers and vectors', async () => {
    await using at = await openGateway(start)
    const { app, key } = at
    const client = pythonClient(`${app.url}/v1/`, key)
    expect(await client.get('/models')).toMatchObject({
      object: 'list',
      data: [{ id: 'deepseek/deepseek-chat', object: 'model', owned_by: 'deepseek' }],
    })
    expect(await client.get('/models/deepseek/deepseek-chat')).toMatchObject({ object: 'model' })

    // Its reader knows nothing but empty lines: an event may come in pieces, a character too.
    const said = Buffer.from(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: '好🙂\u2028' }, finish_reason: 'stop' }] })}\n\n`,
    )
    const at3 = said.indexOf('好') + 1
    app.upstream.play({
      raw: [said.subarray(0, at3), said.subarray(at3), ': a comment\n\n', 'data: [DONE]\n\n'],
    })
    expect(await textOf(client.stream(chat, older))).toBe('好🙂\u2028')
    expect(app.upstream.requests.at(-1)?.body).toMatchObject({
      messages: [{ role: 'user', content: '你好 🙂' }],
      stream: true,
      temperature: 0,
    })
    app.upstream.play({ text: ['a', 'b'] })
    expect(await textOf(pythonClient(`${app.url}/v1`, key, true).stream(chat, older))).toBe('ab')

    const message = { role: 'assistant', content: 'Hello', refusal: null }
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
    const whole = { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }
    app.upstream.play({ body: JSON.stringify(whole) })
    const { data, headers } = await client.post(`${chat}?trace=1`, newer)
    expect(data).toEqual(whole)
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)

    // Vectors as base64, unless somebody asks for numbers.
    const vectors = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: 'AAAAPw==' }] }
    app.upstream.play({ body: JSON.stringify({ ...vectors, model: 'm', usage: { prompt_tokens: 5 } }) })
    const wish = '{"input":["one"],"model":"deepseek","encoding_format":"base64"}'
    expect((await client.post('/embeddings', wish)).data).toMatchObject(vectors)
    // What it says about itself is nobody else's.
    for (const request of app.upstream.requests) {
      expect(Object.keys(request.headers).filter((name) => name.startsWith('x-stainless'))).toEqual([])
      expect(request.headers['user-agent']).not.toContain('Python')
    }
    expect(await at.ledger(4)).toHaveLength(4)
  })

  test('raises what was refused with message, type, param and code, and tries again what may be', async () => {
    await using at = await openGateway(start, { LIMIT_GATEWAY_KEY: '4/60' })
    const { app } = at
    const client = pythonClient(`${app.url}/v1`, at.key)
    const refused = async (work: Promise<unknown>) => {
      const { status, body } = await raisedBy(work)
      expect(Object.keys(body).toSorted()).toEqual(['code', 'message', 'param', 'type'])
      expect(body.message).toBeString()
      return [status, body.type, body.param, body.code]
    }
    expect(await refused(pythonClient(`${app.url}/v1`, 'sk-none').get('/models'))).toEqual([
      ...[401, 'invalid_request_error', null, 'invalid_api_key'],
    ])
    expect(await refused(client.post(chat, newer.replace('deepseek-chat', 'gpt-none')))).toEqual([
      ...[404, 'invalid_request_error', 'model', 'model_not_found'],
    ])
    // Python writes what is not a number so; JSON has no such thing.
    expect(await refused(client.post(chat, newer.replace('1.0', 'NaN')))).toEqual([
      ...[400, 'invalid_request_error', null, null],
    ])
    expect(await refused(client.post(chat, '{"messages":[],"model":"deepseek-chat"}'))).toEqual([
      ...[400, 'invalid_request_error', 'messages', null],
    ])
    app.upstream.play({ text: ['so', ' far'], end: 'cut' })
    let text = ''
    const broken = async () => {
      for await (const { choices } of client.stream(chat, older)) text += JSON.stringify(choices)
    }
    expect(await refused(broken())).toEqual([null, 'server_error', null, 'provider_unavailable'])
    expect(text).toContain('" far"')

    const limited = await raisedBy(client.post(chat, newer))
    expect([limited.status, limited.body.code]).toEqual([429, 'rate_limit_exceeded'])
    expect(Number(limited.headers.get('retry-after'))).toBeWithin(1, 61)
    expect(limited.headers.get('x-should-retry')).not.toBe('false')
    const other = pythonClient(`${app.url}/v1`, (await at.newKey({ quota: { requests_day: 0 } })).key)
    const over = await raisedBy(other.post(chat, newer))
    expect([over.status, over.body.type, over.body.code]).toEqual([
      ...[429, 'insufficient_quota', 'insufficient_quota'],
    ])
    expect(over.headers.get('x-should-retry')).toBe('false')
    expect((await at.ledger(1)).map(({ outcome }) => outcome)).toEqual(['failed'])
  })
})
