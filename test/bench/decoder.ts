/**
 * What a token costs on its way through the relay, in CPU time of this process: reading the bytes alone, our
 * relay, and the SDK's own iteration, asked of the same upstream in the same run. And the decoder by itself.
 */
import { OpenAI } from 'openai'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import { createDecoder } from '../../src/llm/stream.ts'

const tokensPerAnswer = 2000
const answersAtOnce = 8
const answers = 160
const model = `tokens-${tokensPerAnswer}`
const messages = [{ role: 'user' as const, content: 'hello' }]

const program = new URL('../support/upstream.ts', import.meta.url).pathname
const upstream = Bun.spawn([process.execPath, program], { stdout: 'pipe', stderr: 'inherit' })
const firstOutput = await upstream.stdout.getReader().read()
const baseUrl = new TextDecoder().decode(firstOutput.value).trim()

const sdk = new OpenAI({ baseURL: baseUrl, apiKey: 'none', logLevel: 'off' })
const provider = { name: 'bench', baseUrl, apiKey: null, model, organization: null }
const llm = createLlm(
  { providers: [provider], defaultModel: null, timeoutSeconds: 60, idleTimeoutSeconds: 60, maxRetries: 0 },
  createLog('silent'),
)
const signal = new AbortController().signal

try {
  const read = await tokensPerCpuSecond(readBytes)
  const relay = await tokensPerCpuSecond(askRelay)
  const iteration = await tokensPerCpuSecond(askSdk)
  const alone = await tokensPerCpuSecond(await decodeInMemory())
  print('bytes read, nothing decoded', read, read)
  print('our relay', relay, read)
  print('the SDK’s own iteration', iteration, read)
  print('our decoder alone, 4 KiB a read', alone, read)
  console.log(`our relay / the SDK’s own iteration: ${(relay / iteration).toFixed(2)}`)
} finally {
  upstream.kill()
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

function question(): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } }),
  })
}

async function readBytes(): Promise<number> {
  const reader = (await question()).body?.getReader()
  let bytes = 0
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.length
  }
  return bytes > tokensPerAnswer ? tokensPerAnswer : 0
}

async function askRelay(): Promise<number> {
  let tokens = 0
  for await (const batch of llm.stream({ messages }, { model: llm.defaultModel, signal })) {
    for (const event of batch) if (event.type === 'delta') tokens++
  }
  return tokens
}

async function askSdk(): Promise<number> {
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

async function decodeInMemory(): Promise<Ask> {
  const bytes = await (await question()).bytes()
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

function print(what: string, tokensPerSecond: number, reference: number): void {
  const thousands = `${Math.round(tokensPerSecond / 1000)}k`.padStart(6)
  console.log(
    `${what.padEnd(34)} ${thousands} tokens/s a core  ${(tokensPerSecond / reference).toFixed(2)} of the read`,
  )
}
