import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { hello } from '../faces/openai/gateway.ts'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startCountingUpstream } from '../support/counting-upstream.ts'
import { hasServices } from '../support/services.ts'
import { servicesStack } from '../support/stacks.ts'

setDefaultTimeout(120_000)

const calls = 2000
const atOnce = 50

type Fate = 'complete' | 'failed' | 'stopped'

describe.skipIf(!hasServices())('two thousand calls, many of them ill-fated, and a restart', () => {
  test('are in the ledger once each, with what the provider says that it served', async () => {
    const upstream = startCountingUpstream()
    const env = {
      DEEPSEEK_API_KEY: 'sk-good,sk-bad',
      MODELS: ['whole', 'slow', 'cut', 'silent'].map((model) => `deepseek/${model}`).join(','),
      LLM_IDLE_TIMEOUT_SECONDS: '1',
      DEFAULT_PLAN: 'unlimited',
      // As in production connections are handed over before it stops: none is cut that has just been answered.
      ENVIRONMENT: 'production',
      FRONTEND_BASE_URL: 'https://chat.example.com',
      SECRET_KEY: 'f3c9a1d27b8e4056f3c9a1d27b8e4056',
    }
    await using app = await startBinaryOnStack(servicesStack, { upstream: upstream.url, env })
    const ann = await registerPerson(app.url)
    const { key } = await ann.json<{ key: string }>('POST', '/api/v1/keys', { name: 'storm' })
    const fates: Fate[] = []
    let next = 0
    const worker = async () => {
      for (let at = next++; at < calls; at = next++) fates.push(await callInTheEnd(app.url, key, at))
    }
    const storm = Promise.all(Array.from({ length: atOnce }, worker))
    while (next < calls / 2) await Bun.sleep(10)
    expect(await app.restart()).toBe(0)
    await storm

    const seen = Object.groupBy(fates, (fate) => fate)
    const rows = await readLedger(ann, calls)
    // One that was left while it restarts may end with it.
    const entered = Object.groupBy(rows, ({ outcome = '' }) =>
      outcome === 'interrupted' ? 'stopped' : outcome,
    )
    expect(new Set(rows.map(({ id }) => id)).size).toBe(calls)
    for (const fate of ['complete', 'failed', 'stopped'] as const) {
      expect([fate, entered[fate]?.length]).toEqual([fate, seen[fate]?.length])
    }
    const counted = rows.filter(({ estimated }) => estimated === 'false')
    const tokens = counted.reduce((sum, row) => sum + Number(row.completion_tokens), 0)
    expect([counted.length, tokens]).toEqual([upstream.whole, upstream.tokens])
    expect(rows.every((row) => Number(row.completion_tokens) >= 0)).toBe(true)
    await upstream.stop()
  })
})

/** While it restarts nothing begins, and nothing is owed. */
async function callInTheEnd(origin: string, key: string, at: number): Promise<Fate> {
  for (;;) {
    const fate = await call(origin, key, at)
    if (fate !== null) return fate
    await Bun.sleep(50)
  }
}

/** One of ten each goes another way: left half way, cut off, silent for too long. null: it was not taken. */
async function call(origin: string, key: string, at: number): Promise<Fate | null> {
  const kind = at % 10
  const model = kind === 0 ? 'slow' : kind === 1 ? 'cut' : kind === 2 && at % 100 === 2 ? 'silent' : 'whole'
  const seed = model === 'slow' ? 1000 : 1 + (at % 60)
  const response = await fetch(`${origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ ...hello, model: `deepseek/${model}`, stream: true, seed }),
  }).catch(() => null)
  if (response === null || response.status === 503) return null
  if (model === 'slow') {
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    return 'stopped'
  }
  return (await response.text()).endsWith('data: [DONE]\n\n') ? 'complete' : 'failed'
}

async function readLedger(ann: ApiPerson, atLeast: number): Promise<Record<string, string>[]> {
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
