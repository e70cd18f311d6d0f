import { heapStats } from 'bun:jsc'
import { expect, test } from 'bun:test'
import { startAnswer } from '../../../src/faces/cloudchat/answer.ts'
import type { Llm } from '../../../src/llm/llm.ts'

const words = 2000
const model = { provider: 'test', model: 'test' }
const wordy: Llm = {
  async *stream() {
    for (let at = 0; at < words; at++) yield [{ type: 'delta', text: `word${at} ` }]
  },
  defaultModel: model,
  modelOf: () => model,
  models: () => [],
  configure() {},
  drawImages: async () => [],
  drawsApart: () => false,
  relay: async () => null,
  providers: () => [],
  check: () => Promise.reject(new Error('not asked here')),
}

test('a long answer in many pieces is kept as one text', async () => {
  const before = usedBytes()
  const answers = await Promise.all(Array.from({ length: 100 }, readAll))
  const each = (usedBytes() - before) / answers.length
  expect(answers[0]?.text()).toEndWith(`word${words - 1} `)
  expect(each).toBeLessThan(4 * (answers[0]?.text().length ?? 0))
})

async function readAll() {
  const answer = await startAnswer(wordy, { messages: [] }, model, { signal: new AbortController().signal })
  while ((await answer.next()) !== null);
  return answer
}

function usedBytes(): number {
  Bun.gc(true)
  const { heapSize, extraMemorySize } = heapStats()
  return heapSize + extraMemorySize
}
