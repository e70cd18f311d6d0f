import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { hello } from '../faces/openai/gateway.ts'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { type CountedModel, startCountingUpstream } from '../support/counting-upstream.ts'
import { hasServices } from '../support/services.ts'
import { servicesStack } from '../support/stacks.ts'

setDefaultTimeout(120_000)

const calls = 2000
const atOnce = 50

type Fate = 'complete' | 'failed' | 'stopped'

/** What the one who asked saw of a call. */
interface Seen {
  model: CountedModel
  fate: Fate
  words: number
}

describe.skipIf(!hasServices())('two thousand calls, many of them ill-fated, and a restart', () => {
  test('are in the ledger once each, with what the provider says that it served', async () => {
    const upstream = startCountingUpstream()
    const env = {
      DEEPSEEK_API_KEY: 'sk-good,sk-401,sk-429,sk-500',
      MODELS: 'deepseek/whole,deepseek/slow,deepseek/cut,deepseek/silent',
      LLM_IDLE_TIMEOUT_SECONDS: '1',
      DEFAULT_PLAN: 'unlimited',
      // As in production connections are handed over before it stops: none is cut that has just been answered.
      ENVIRONMENT: 'production',
      FRONTEND_BASE_URL: 'https://chat.example.com',
      SECRET_KEY: 'f3c9a1d27b8e4056f3c9a1d27b8e4056',
    }
    await using app = await startBinaryOnStack(servicesStack, { upstream: upstream.url, env })
    const ann = await registerPerson(app.url)
    // So wide that it refuses nothing, but room is held for each call, and settled.
    const quota = { requests_month: 1e6, tokens_month: 1e9 }
    const { key } = await ann.json<{ key: string }>('POST', '/api/v1/keys', { name: 'storm', quota })
    const seen: Seen[] = []
    let next = 0
    const worker = async () => {
      for (let at = next++; at < calls; at = next++) seen.push(await callInTheEnd(app.url, key, at))
    }
    const storm = Promise.all(Array.from({ length: atOnce }, worker))
    while (next < calls / 2) await Bun.sleep(10)
    expect(await app.restart()).toBe(0)
    await storm

    // Keys that fail are noticed by nobody but who asks while the good one rests, because it broke off without a word.
    const fates = countBy(seen, ({ fate }) => fate)
    expect(fates.complete).toBeGreaterThan(1500)
    expect(Object.keys(upstream.refused)).toEqual(['401', '429', '500'])

    const rows = await readLedger(ann, calls)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(calls)
    // One that was left while it restarts may end with it.
    const fateOf = ({ outcome = '' }: Row) => (outcome === 'interrupted' ? 'stopped' : outcome)
    expect(countBy(rows, fateOf)).toEqual(fates)

    const counted = rows.filter(({ estimated }) => estimated === 'false')
    expect([counted.length, wordsIn(counted)]).toEqual([upstream.whole, upstream.words.whole])
    // What came to no end is estimated, of these words to the last one: no fewer than were handed on, no more than
    // were served.
    for (const model of ['slow', 'cut', 'silent'] as const) {
      const entered = rows.filter((row) => row.model === `deepseek/${model}`)
      const received = seen.filter((call) => call.model === model).reduce((sum, { words }) => sum + words, 0)
      expect(received).toBeGreaterThan(0)
      expect(wordsIn(entered)).toBeGreaterThanOrEqual(received)
      expect(wordsIn(entered)).toBeLessThanOrEqual(upstream.words[model])
      expect(entered.filter((row) => wordsOf(row) > 0 && row.prompt_tokens === '0')).toEqual([])
    }
    expect(wordsIn(rows.filter(({ model }) => model === 'deepseek/silent'))).toBe(upstream.words.silent)
    expect(rows.every((row) => wordsOf(row) >= 0)).toBe(true)

    const tokens = wordsIn(rows) + rows.reduce((sum, row) => sum + Number(row.prompt_tokens), 0)
    const { total } = await ann.json<{ total: object }>('GET', '/api/v1/usage/summary')
    expect(total).toMatchObject({ calls, failed: fates.failed, total_tokens: tokens })
    // What has failed without a token was no request.
    const requests = rows.filter((row) => row.outcome !== 'failed' || row.prompt_tokens !== '0').length
    const { windows } = await ann.json<{ windows: object[] }>('GET', '/api/v1/users/me/quota')
    expect(windows).toContainEqual(
      expect.objectContaining({ unit: 'requests', period: 'month', used: requests }),
    )
    expect(windows).toContainEqual(expect.objectContaining({ unit: 'tokens', period: 'month', used: tokens }))
    await upstream.stop()
  })
})

type Row = Record<string, string>

const wordsOf = (row: Row) => Number(row.completion_tokens)
const wordsIn = (rows: Row[]) => rows.reduce((sum, row) => sum + wordsOf(row), 0)

function countBy<Item>(items: Item[], of: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[of(item)] = (counts[of(item)] ?? 0) + 1
  return counts
}

/** While it restarts nothing begins, and nothing is owed. */
async function callInTheEnd(origin: string, key: string, at: number): Promise<Seen> {
  for (;;) {
    const seen = await call(origin, key, at)
    if (seen !== null) return seen
    await Bun.sleep(50)
  }
}

/** Of ten one is left half way and one cut off, of a hundred one silent for too long. null: it was not taken. */
async function call(origin: string, key: string, at: number): Promise<Seen | null> {
  const kind = at % 10
  const model = kind === 0 ? 'slow' : kind === 1 ? 'cut' : at % 100 === 2 ? 'silent' : 'whole'
  const seed = model === 'slow' ? 1000 : 1 + (at % 60)
  const response = await fetch(`${origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ ...hello, model: `deepseek/${model}`, stream: true, seed }),
  }).catch(() => null)
  if (response === null || response.status === 503) return null
  if (model === 'slow' && response.ok) {
    const reader = response.body?.getReader()
    const begin = Buffer.from((await reader?.read())?.value ?? []).toString()
    await reader?.cancel()
    return { model, fate: 'stopped', words: countWords(begin) }
  }
  const text = await response.text()
  return { model, fate: text.endsWith('data: [DONE]\n\n') ? 'complete' : 'failed', words: countWords(text) }
}

/** In lines that are whole. */
function countWords(text: string): number {
  return text.match(/"word "[^\n]*\n/g)?.length ?? 0
}

async function readLedger(ann: ApiPerson, atLeast: number): Promise<Row[]> {
  for (let tries = 0; ; tries++) {
    const [head = '', ...lines] = (await (await ann.fetch('/api/v1/usage/records.csv')).text())
      .trim()
      .split('\r\n')
    if (lines.length < atLeast && tries < 100) {
      await Bun.sleep(100)
      continue
    }
    const names = head.split(',')
    return lines.map((line) =>
      Object.fromEntries(line.split(',').map((value, at) => [names[at] ?? '', value])),
    )
  }
}
