import { OpenAI } from 'openai'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import type { Llm } from '../../src/llm/llm.ts'
import { createDecoder } from '../../src/llm/stream.ts'
import type { Figure } from './figure.ts'
import { startUpstreamProgram } from './programs.ts'

const tokensPerAnswer = 2000
const answersAtOnce = 8
const answers = 400
const model = `tokens-${tokensPerAnswer}`
const messages = [{ role: 'user' as const, content: 'hello' }]
const signal = new AbortController().signal

/**
 * How many tokens pass through the relay in a second of this process's CPU time: reading the bytes alone, our
 * relay, and the SDK's own iteration, asked of the same upstream. And the decoder by itself.
 */
export async function decoder(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const baseUrl = `http://127.0.0.1:${upstream.port}/v1`
  const provider = { name: 'bench', baseUrl, apiKeys: [], model, organization: null }
  const llm = createLlm(
    {
      presets: [],
      providers: [provider],
      defaultModel: null,
      models: [],
      contextWindow: 32_768,
      timeoutSeconds: 60,
      idleTimeoutSeconds: 60,
      maxRetries: 0,
    },
    createLog('silent'),
  )
  const sdk = new OpenAI({ baseURL: baseUrl, apiKey: 'none', logLevel: 'off' })
  const read = await tokensPerCpuSecond(() => readBytes(baseUrl))
  const relay = await tokensPerCpuSecond(() => askRelay(llm))
  const iteration = await tokensPerCpuSecond(() => askSdk(sdk))
  const alone = await tokensPerCpuSecond(await decodeInMemory(baseUrl))
  await upstream.stop()
  const bytes = { what: 'bytes read, nothing decoded', measured: read / 1000 }
  return [
    { what: 'tokens through our relay, a CPU second', measured: relay / 1000, unit: 'k/s', reference: bytes },
    { what: 'through the SDK’s own iteration', measured: iteration / 1000, unit: 'k/s', reference: bytes },
    { what: 'our decoder alone, 4 KiB a read', measured: alone / 1000, unit: 'k/s', reference: bytes },
  ]
}

/** One answer; returns how many tokens it saw, so that nothing is counted that was not read. */
type Ask = () => Promise<number>

async function tokensPerCpuSecond(ask: Ask): Promise<number> {
  await run(ask, answersAtOnce * 2)
  const before = process.cpuUsage()
  const tokens = await run(ask, answers)
  const { user, system } = process.cpuUsage(before)
  return tokens / ((user + system) / 1e6)
}

async function run(ask: Ask, count: number): Promise<number> {
  let left = count
  let tokens = 0
  const work = async () => {
    while (left-- > 0) {
      const seen = await ask()
      if (seen !== tokensPerAnswer) throw new Error(`an answer had ${seen} tokens`)
      tokens += seen
    }
  }
  await Promise.all(Array.from({ length: answersAtOnce }, work))
  return tokens
}

async function readBytes(baseUrl: string): Promise<number> {
  const reader = (await question(baseUrl)).body?.getReader()
  let bytes = 0
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.length
  }
  return bytes > tokensPerAnswer ? tokensPerAnswer : 0
}

async function askRelay(llm: Llm): Promise<number> {
  let tokens = 0
  for await (const batch of llm.stream({ messages }, { model: llm.defaultModel, signal })) {
    for (const event of batch) if (event.type === 'delta') tokens++
  }
  return tokens
}

async function askSdk(sdk: OpenAI): Promise<number> {
  let tokens = 0
  const stream = await sdk.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) tokens++
  return tokens
}

async function decodeInMemory(baseUrl: string): Promise<Ask> {
  const bytes = await (await question(baseUrl)).bytes()
  return async () => {
    const decoder = createDecoder()
    let tokens = 0
    for (let at = 0; at < bytes.length; at += 4096) {
      for (const event of decoder.push(bytes.subarray(at, at + 4096))) if (event.type === 'delta') tokens++
    }
    decoder.end()
    return tokens
  }
}

function question(baseUrl: string): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } }),
  })
}
