import { expect, test } from 'bun:test'
import { streamDemo } from '../../src/llm/demo.ts'
import type { ChatMessage, LlmEvent } from '../../src/llm/llm.ts'

async function answerTo(...contents: string[]) {
  const messages: ChatMessage[] = contents.map((content, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content,
  }))
  const system: ChatMessage = { role: 'system', content: 'Be kind.' }
  const events: LlmEvent[] = []
  for await (const batch of streamDemo({ messages: [system, ...messages] }, new AbortController().signal)) {
    events.push(...batch)
  }
  const deltas = events.flatMap((event) => (event.type === 'delta' ? [event.text] : []))
  return { text: deltas.join(''), deltas, events }
}

test('it says that it is a demo, how to get a real model, and what was said', async () => {
  const { text, deltas, events } = await answerTo('What is the weather?')
  expect(text).toContain('demo model')
  expect(text).toContain('DEEPSEEK_API_KEY')
  expect(text).toContain('“What is the weather?”')
  expect(text).toContain('first question')
  expect(deltas.length).toBeGreaterThan(20)
  const [finish, usage] = events.slice(-2)
  expect(finish).toEqual({ type: 'finish', reason: 'stop' })
  if (usage?.type !== 'usage') throw new Error('no usage')
  expect(usage.usage.promptTokens).toBeGreaterThan(0)
  expect(usage.usage.completionTokens).toBeGreaterThan(20)
})

test('it answers in Chinese when asked in Chinese, and remembers', async () => {
  const { text } = await answerTo('你是谁？', '演示模型', '今天天气好吗？')
  expect(text).toContain('演示模型')
  expect(text).toContain('「今天天气好吗？」')
  expect(text).toContain('之前的 1 个问题')
  expect(text).toContain('「你是谁？」')
})

test('it counts the earlier questions and quotes the last of them', async () => {
  const { text } = await answerTo('one', '-', 'two', '-', 'three')
  expect(text).toContain('2 earlier questions; the last one was “two”')
})

test('a long question is quoted in part, never in half a character', async () => {
  const { text } = await answerTo('🙂'.repeat(5000))
  expect(text).toContain(`“${'🙂'.repeat(200)}…”`)
})

test('it says no more than was allowed, and that it was cut short', async () => {
  for (const [content, most, beginning] of [
    ['Hello', 3, 'I am the dem'],
    ['你好', 4, '我是演示'],
  ] as const) {
    const said: LlmEvent[] = []
    const prompt = { messages: [{ role: 'user' as const, content }], maxTokens: most }
    for await (const batch of streamDemo(prompt, new AbortController().signal)) said.push(...batch)
    expect(said.flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join('')).toBe(beginning)
    expect(said.slice(-2)).toMatchObject([
      { type: 'finish', reason: 'length' },
      { type: 'usage', usage: { completionTokens: most } },
    ])
  }
})

test('it stops when it is told to', async () => {
  const stop = new AbortController()
  let batches = 0
  const messages: ChatMessage[] = [{ role: 'user', content: 'hello' }]
  for await (const _ of streamDemo({ messages }, stop.signal)) {
    batches++
    if (batches === 3) stop.abort()
  }
  expect(batches).toBe(3)
})
