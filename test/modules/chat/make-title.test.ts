import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { createSharedMemory } from '../../../src/deps.ts'
import { createLog } from '../../../src/lib/log.ts'
import { createLlm } from '../../../src/llm/create-llm.ts'
import { estimatePrompt } from '../../../src/modules/chat/estimate-tokens.ts'
import { makeTitle, type TitleWish } from '../../../src/modules/chat/make-title.ts'
import { findModel } from '../../../src/modules/models/find-model.ts'
import { learnFactor } from '../../../src/modules/models/token-factors.ts'
import { load } from '../../config/load.ts'
import { until } from '../../llm/ask.ts'
import { startGatedUpstream } from '../../support/gated-upstream.ts'
import { startUpstream } from '../../support/upstream.ts'

const upstream = startUpstream()
beforeEach(() => upstream.reset())
afterAll(() => upstream.stop())

function depsOf(env: Record<string, string>) {
  const log = createLog('silent')
  return {
    llm: createLlm(load({ LLM_MAX_RETRIES: '0', ...env }).llm, log),
    log,
    ...createSharedMemory(() => new Date()),
  }
}

const deps = depsOf({ OLLAMA_BASE_URL: upstream.url, OLLAMA_MODEL: 'normal' })
const question = 'How do I sort a list in Python, by length?'
const cut = 'How do I sort a list in Python'

function titleOf(changes: Partial<TitleWish> & { from?: typeof deps } = {}) {
  const { from = deps, ...wish } = changes
  return makeTitle(from, { question, model: findModel(from, null), ...wish })
}

function questionAsked() {
  const [request] = upstream.requests
  if (!request) throw new Error('nobody was asked')
  return request.body as { max_tokens: number; messages: { content: string }[] }
}

describe('a title', () => {
  test('is what the model answers, cleaned, with what it has cost', async () => {
    upstream.play({
      text: ['"Sorting ', 'a list', '."'],
      usage: { prompt_tokens: 70, completion_tokens: 5, total_tokens: 75 },
    })
    expect(await titleOf()).toEqual({
      title: 'Sorting a list',
      usage: {
        models: [expect.objectContaining({ id: 'ollama/normal' })],
        modelId: 'ollama/normal',
        promptTokens: 70,
        cachedTokens: 0,
        completionTokens: 5,
        reasoningTokens: 0,
        isEstimated: false,
      },
      isFallback: false,
    })
  })

  test('is asked for in few words, and of the beginning of a long question', async () => {
    await titleOf({ question: `${question} ${'🙂'.repeat(5000)}` })
    const { max_tokens, messages } = questionAsked()
    expect(max_tokens).toBeWithin(1, 300)
    expect(messages.map(({ content }) => content).join('')).toContain(question)
    expect(JSON.stringify(messages).length).toBeLessThan(4000)
    expect(JSON.stringify(messages)).not.toContain('\\ud83')
  })

  test('is asked for in the language of the question', async () => {
    await titleOf({ question: '怎样给列表排序？' })
    expect(JSON.stringify(upstream.requests[0]?.body)).toContain('20 个汉字')
  })

  test('is of the model that stands in where the one that answers fails', async () => {
    const from = depsOf({ OLLAMA_BASE_URL: upstream.url, OLLAMA_MODEL: 'normal' })
    const said = {
      provider: 'ollama',
      isEnabled: true,
      contextWindow: null,
      maxOutputTokens: null,
      prices: null,
      capabilities: { vision: null, reasoning: null, tools: null },
      plans: null,
    }
    const main = { ...said, id: 'main', name: 'Main', model: 'normal', fallbacks: ['spare'] }
    const spare = { ...said, id: 'spare', name: 'Spare', model: 'reasoning', fallbacks: [] }
    from.llm.configure({ accesses: [], models: [main, spare], defaultModel: null })
    upstream.play({ status: 503, body: '{}' }, { text: ['Sorting'] })
    expect(await titleOf({ from })).toMatchObject({ title: 'Sorting', usage: { modelId: 'spare' } })
    expect(upstream.requests.map(({ body }) => body.model)).toEqual(['normal', 'reasoning'])
  })

  test('costs an estimate when the provider does not say', async () => {
    const from = depsOf({ OLLAMA_BASE_URL: upstream.url, OLLAMA_MODEL: 'normal' })
    learnFactor(from, 'ollama/normal', 100, 200)
    upstream.play({ reasoning: ['Well'], text: ['Sorting'], usage: null })
    const { title, usage } = await titleOf({ from })
    const { messages } = questionAsked()
    expect(title).toBe('Sorting')
    expect(usage).toEqual({
      models: [expect.objectContaining({ id: 'ollama/normal' })],
      modelId: 'ollama/normal',
      promptTokens: Math.round(estimatePrompt(messages) * 2),
      cachedTokens: 0,
      completionTokens: 5,
      reasoningTokens: 0,
      isEstimated: true,
    })
  })
})

describe('the question gives the title', () => {
  test.each(['400', '401', '429', '500', 'html', 'json-error', 'cut-at-once', 'malformed-at-once'])(
    'where the model fails: %s',
    async (name) => {
      if (name === 'malformed-at-once') upstream.play({ raw: ['data: {"choices":[{"del\n\n'] })
      const model = findModel(depsOf({ OLLAMA_BASE_URL: upstream.url, OLLAMA_MODEL: name }), null)
      const from = depsOf({ OLLAMA_BASE_URL: upstream.url, OLLAMA_MODEL: name })
      expect(await titleOf({ from, model })).toEqual({ title: cut, usage: null, isFallback: true })
    },
  )

  test('where nobody answers', async () => {
    const from = depsOf({ OLLAMA_BASE_URL: 'http://127.0.0.1:1/v1', OLLAMA_MODEL: 'x' })
    expect(await titleOf({ from })).toEqual({ title: cut, usage: null, isFallback: true })
  })

  test('where the answer is cut, empty or endless; what it has cost is known', async () => {
    upstream.play(
      { text: ['Sorting', ' a'], end: 'cut' },
      { text: ['', ' '] },
      { text: [], reasoning: ['Hm'] },
      { text: ['word '.repeat(2000)], end: 'hang' },
    )
    for (let answer = 0; answer < 4; answer++) {
      // Longer than the test may take: none of them waits for it.
      const { title, usage, isFallback } = await titleOf({ timeoutMs: 600_000 })
      expect([title, isFallback]).toEqual([cut, true])
      expect(usage?.promptTokens).toBeGreaterThan(0)
    }
    await until(() => upstream.open === 0)
  })

  test('where the model takes too long, before its first word and after it', async () => {
    for (const name of ['hang-headers', 'hang-stream']) {
      const from = depsOf({ OLLAMA_BASE_URL: upstream.url, OLLAMA_MODEL: name })
      const { title, usage, isFallback } = await titleOf({ from, timeoutMs: 50 })
      expect([title, isFallback, usage?.isEstimated]).toEqual([cut, true, true])
    }
    await until(() => upstream.open === 0)
  })

  test('where nobody waits for it any more', async () => {
    const gated = startGatedUpstream()
    const from = depsOf({ OLLAMA_BASE_URL: gated.url, OLLAMA_MODEL: 'x' })
    const stopping = new AbortController()
    const asked = titleOf({ from, signal: stopping.signal })
    const answer = await gated.answer(1)
    answer.say('Sorting')
    stopping.abort()
    expect(await asked).toMatchObject({ title: cut, isFallback: true })
    await answer.left
    expect(await titleOf({ from, signal: stopping.signal })).toEqual({
      title: cut,
      usage: null,
      isFallback: true,
    })
    expect(gated.answers.length).toBe(1)
    await gated.stop()
  })

  test('where the demo model answers', async () => {
    expect(await titleOf({ from: depsOf({}) })).toEqual({ title: cut, usage: null, isFallback: true })
  })
})

test('not more than sixteen are asked for at once; the others wait, but no longer than their time', async () => {
  const gated = startGatedUpstream()
  const from = depsOf({ OLLAMA_BASE_URL: gated.url, OLLAMA_MODEL: 'x' })
  const first = Array.from({ length: 16 }, () => titleOf({ from }))
  await gated.answer(16)
  expect(await titleOf({ from, timeoutMs: 20 })).toEqual({ title: cut, usage: null, isFallback: true })
  const next = titleOf({ from })
  expect(gated.answers.length).toBe(16)
  for (const answer of gated.answers) {
    answer.say('Sorting')
    answer.end()
  }
  const last = await gated.answer(17)
  last.say('Sorted')
  last.end()
  expect((await Promise.all([...first, next])).map(({ title }) => title)).toEqual([
    ...first.map(() => 'Sorting'),
    'Sorted',
  ])
  await gated.stop()
})
