import { expect, test } from 'bun:test'
import { findAppError } from '../../../src/errors.ts'
import { checkQuestion } from '../../../src/faces/openai/check-question.ts'
import type { RelayPath } from '../../../src/llm/llm.ts'

const picture = { type: 'image_url', image_url: { url: 'https://example.com/x.png' } }
const weather = { name: 'weather', parameters: { type: 'object' } }
const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }

test.each([
  [{ temperature: 'hot' }, 'temperature'],
  [{ temperature: 99 }, 'temperature'],
  [{ temperature: -0.1 }, 'temperature'],
  [{ top_p: 7 }, 'top_p'],
  [{ presence_penalty: [] }, 'presence_penalty'],
  [{ frequency_penalty: 2.5 }, 'frequency_penalty'],
  [{ stop: 5 }, 'stop'],
  [{ stop: ['x', {}] }, 'stop'],
  [{ seed: 'x' }, 'seed'],
  [{ seed: 0.5 }, 'seed'],
  [{ response_format: 'json' }, 'response_format'],
  [{ response_format: {} }, 'response_format'],
  [{ logprobs: 'yes' }, 'logprobs'],
  [{ top_logprobs: 'yes' }, 'top_logprobs'],
  [{ logit_bias: [] }, 'logit_bias'],
  [{ tools: 'x' }, 'tools'],
  [{ tools: [5] }, 'tools'],
  [{ tools: [{ a: 1 }] }, 'tools[0].type'],
  [{ tools: [{ type: 'function' }] }, 'tools[0].function'],
  [
    {
      tools: [
        { type: 'function', function: weather },
        { type: 'function', function: {} },
      ],
    },
    'tools[1].function',
  ],
  [{ tool_choice: 7 }, 'tool_choice'],
  [{ parallel_tool_calls: 'no' }, 'parallel_tool_calls'],
  [{ n: 1.5 }, 'n'],
] as [object, string][])('a wish that makes no sense is refused: %j', (wish, param) => {
  expect(faultOf({ messages: [{ role: 'user', content: 'x' }], ...wish })).toBe(param)
})

test.each([
  [{ role: 'king', content: 'x' }, '.role'],
  [{ role: 'user' }, '.content'],
  [{ role: 'user', content: null }, '.content'],
  [{ role: 'user', tool_calls: [call] }, '.content'],
  [{ role: 'assistant', content: null }, '.content'],
  [{ role: 'assistant', tool_calls: 'x' }, '.tool_calls'],
  [{ role: 'user', content: [] }, '.content'],
  [{ role: 'user', content: [5] }, '.content[0]'],
  [{ role: 'user', content: ['x'] }, '.content[0]'],
  [{ role: 'user', content: [picture, { text: 'x' }] }, '.content[1].type'],
  [{ role: 'user', content: [{ type: 'text' }] }, '.content[0].text'],
  [{ role: 'user', content: [{ type: 'nonsense' }] }, '.content[0]'],
  ['x', ''],
] as [unknown, string][])('a message that makes no sense is refused: %j', (message, param) => {
  expect(faultOf({ messages: [{ role: 'system', content: '' }, message] })).toBe(`messages[1]${param}`)
})

test('whatever some provider takes is let through', () => {
  const messages = [
    { role: 'system', content: 'x', name: 'a' },
    { role: 'developer', content: [{ type: 'text', text: 'x' }] },
    {
      role: 'user',
      content: [{ type: 'text', text: '' }, picture, { type: 'image_url', image_url: 'data:x' }],
    },
    {
      role: 'user',
      content: [
        { type: 'input_audio', input_audio: {} },
        { type: 'file', file: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'video_url', video_url: {} },
        { type: 'video', video: ['x'] },
      ],
    },
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'assistant', tool_calls: [call], reasoning_content: 'hm' },
    { role: 'tool', content: 'x', tool_call_id: 'call_1' },
    { role: 'assistant', content: null, refusal: 'no' },
    { role: 'assistant', content: null, audio: { id: 'x' } },
    { role: 'assistant', content: null, function_call: weather },
    { role: 'function', content: null, name: 'weather' },
    { role: 'assistant', content: 'Once', prefix: true, tool_calls: null },
  ]
  const wishes = [
    {},
    { temperature: 0, top_p: 1, presence_penalty: -2, frequency_penalty: 2, n: 2, seed: -1, user: 'x' },
    { temperature: 2, stop: 'x', logprobs: true, top_logprobs: 20, logit_bias: { 5: -100 } },
    { stop: ['x', 'y'], response_format: { type: 'json_schema', json_schema: {} }, metadata: { a: 'b' } },
    { stop: [151645], tools: [], tool_choice: 'auto', parallel_tool_calls: false, functions: [weather] },
    {
      tools: [{ type: 'function', function: weather }],
      tool_choice: { type: 'function', function: weather },
    },
    { tools: [{ function: weather }, { type: 'web_search', web_search: {} }], modalities: ['text', 'audio'] },
    { top_k: 5, enable_thinking: true, thinking: { type: 'enabled' }, options: {}, guided_json: 'x' },
    { repetition_penalty: 9, chat_template_kwargs: {}, min_p: 0.5, keep_alive: '5m', think: 'high' },
  ]
  const nulls = Object.fromEntries(wishes.flatMap((wish) => Object.keys(wish).map((name) => [name, null])))
  for (const wish of [...wishes, nulls]) expect(faultOf({ messages, ...wish })).toBeNull()
})

test.each([
  ['/embeddings', { input: [] }, 'input'],
  ['/embeddings', { input: ['x', true] }, 'input[1]'],
  ['/embeddings', { input: [[1, 'x']] }, 'input[0]'],
  ['/embeddings', { input: ['x', 'y'] }, null],
  ['/embeddings', { input: [1, 2] }, null],
  ['/embeddings', { input: [[1, 2], [3]], dimensions: 5 }, null],
  ['/responses', { input: [5] }, 'input[0]'],
  ['/responses', {}, 'input'],
  ['/responses', { prompt: { id: 'pmpt_1' } }, null],
  ['/responses', { previous_response_id: 'resp_1' }, null],
  ['/responses', { prompt: { id: 'pmpt_1' }, input: [] }, 'input'],
  ['/responses', { input: 'x', temperature: 3 }, 'temperature'],
  ['/responses', { input: 'x', tools: [{}] }, 'tools[0].type'],
  ['/responses', { input: 'x', instructions: 5 }, 'instructions'],
  ['/responses', { input: 'x', background: true }, 'background'],
  ['/responses', { input: 'x', background: false }, null],
  [
    '/responses',
    { input: [{ role: 'user', content: 'x' }], tools: [{ type: 'function', ...weather }] },
    null,
  ],
] as [RelayPath, object, string | null][])('%s: %j', (path, fields, param) => {
  expect(faultOf(fields, path)).toBe(param)
})

/** At which of its fields a question is refused; null: it is not. */
function faultOf(fields: object, path: RelayPath = '/chat/completions'): string | null {
  try {
    checkQuestion(path, { model: 'x', ...fields })
    return null
  } catch (error) {
    return findAppError(error)?.faults?.[0]?.path ?? 'no field'
  }
}
