import { expect, test } from 'bun:test'
import { readUsage } from '../../src/llm/chunk.ts'
import { createMeter } from '../../src/llm/relay-meter.ts'

const estimate = (text: string) => text.length

/** What an answer comes to that nobody has counted. */
function deliveredIn(part: object, isStream: boolean): number {
  const choices = [isStream ? { index: 0, delta: part } : { index: 0, message: part }]
  const json = JSON.stringify({ choices })
  const path = '/chat/completions'
  const meter = createMeter({ path, count: 1, isStream, estimate, memory: { bytes: 0 } })
  meter.push(Buffer.from(isStream ? `data: ${json}\n\n` : json))
  return meter.end().deliveredTokens
}

test.each([
  ['words', { content: 'abc' }, 3],
  ['thoughts and words', { reasoning_content: 'ab', content: 'c' }, 3],
  ['a refusal', { content: null, refusal: 'no' }, 2],
  ['tools', { tool_calls: [{ function: { name: 'f' } }, { function: { arguments: '{"a":1}' } }] }, 8],
  ['the old words for them', { content: null, function_call: { name: 'f', arguments: '{"a":1}' } }, 8],
  ['what is spoken', { audio: { transcript: 'hello', data: 'AAAA' } }, 5],
  ['nothing', { role: 'assistant', function_call: 'x', audio: null }, 0],
])('what was written is counted: %s', (_, part, tokens) => {
  expect([true, false].map((isStream) => deliveredIn(part, isStream))).toEqual([tokens, tokens])
})

test.each([
  // Beside the completion, as xAI and Gemini's translators count them; inside it, as OpenAI does; and who knows where.
  [32, 9, 94, 135, 103, 94],
  [21, 0, 60, 81, 60, 60],
  [32, 94, 90, 126, 94, 90],
  [32, 9, 94, undefined, 9, 9],
  [32, 9, 94, 500, 9, 9],
])(
  'thoughts: prompt %d, completion %d, reasoning %d, total %p',
  (prompt, said, thought, total, all, part) => {
    const completion_tokens_details = { reasoning_tokens: thought }
    const counted = { prompt_tokens: prompt, completion_tokens: said, total_tokens: total }
    expect(readUsage({ ...counted, completion_tokens_details })).toMatchObject({
      promptTokens: prompt,
      completionTokens: all,
      reasoningTokens: part,
    })
  },
)
