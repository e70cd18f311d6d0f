import { expect, test } from 'bun:test'
import { estimateQuestion, isPlain } from '../../../src/faces/openai/question-texts.ts'
import { estimateTokens } from '../../../src/modules/chat/estimate-tokens.ts'

const words = 'Please sort this list of words. '.repeat(300)
const payload = `data:application/pdf;base64,${'JVBERi0xLjcKJeLjz9MKMSAwIG9iag'.repeat(3000)}`
const schema = { type: 'object', properties: { words: { type: 'string', description: words } } }

const messages = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })
/** A question that is nothing but this: so many tokens. */
const added = (fields: Record<string, unknown>) => estimateQuestion(fields) - estimateQuestion({})

test('words count in full, whatever stands beside them', () => {
  const least = Math.floor(estimateTokens(words))
  const questions = [
    { messages: [{ role: 'user', content: words, image_url: '' }] },
    { messages: [{ role: 'user', content: words, input_audio: {} }] },
    messages({ type: 'image_url', text: words, image_url: { url: 'https://example.com/a.png' } }),
    messages({ type: 'input_image', text: words }),
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: '', text: words }] }] },
  ]
  for (const question of questions) expect(added(question)).toBeWithin(least, least + 900)
})

test('what a question says in JSON counts as its text', () => {
  const functions = [{ name: 'sort', description: words, parameters: schema }]
  const format = { type: 'json_schema', json_schema: { name: 'sorted', schema } }
  for (const [fields, said] of [
    [{ tools: functions }, functions],
    [{ functions }, functions],
    [{ response_format: format }, format],
    [{ text: { format, verbosity: 'low' } }, format],
    [{ prediction: { type: 'content', content: words } }, { type: 'content', content: words }],
  ] as const) {
    const expected = estimateTokens(JSON.stringify(said))
    expect(added(fields)).toBeWithin(Math.floor(expected), Math.ceil(expected) + 2)
  }
  // Of pictures it says no more than how they are to be sent.
  expect(added({ response_format: 'b64_json', functions: null })).toBe(0)
})

test('pictures, sounds, films and files count as one each, however long they are written out', () => {
  for (const part of [
    { type: 'image_url', image_url: { url: payload } },
    { type: 'input_audio', input_audio: { data: payload, format: 'wav' } },
    { type: 'file', file: { file_data: payload } },
    { type: 'video_url', video_url: { url: payload } },
    { type: 'input_image', image_url: payload },
    { type: 'input_image', file_id: '7' },
    { type: 'input_file', file_data: payload },
  ]) {
    expect(added(messages(part))).toBeWithin(800, 820)
    expect(added({ input: [{ role: 'user', content: [part] }] })).toBeWithin(800, 820)
  }
  expect(added({ input: [{ image: payload }, { text: 'hello' }] })).toBeWithin(801, 805)
  expect(added(messages({ type: 'video', video: [payload, payload] }))).toBeWithin(1600, 1620)
  // A text stays one, whatever it looks like: the model reads all of it.
  expect(added(messages({ type: 'text', text: payload }))).toBeGreaterThan(10_000)
})

test('how a model counts words is learned of nothing but words', () => {
  const hello = { messages: [{ role: 'user', content: 'hello', name: 'ann' }] }
  expect(isPlain({ ...hello, temperature: 1, tools: null, response_format: null })).toBe(true)
  for (const more of [
    { tools: [{ type: 'function', function: { name: 'sort' } }] },
    { functions: [{ name: 'sort', parameters: schema }] },
    { response_format: { type: 'json_schema', json_schema: { name: 'sorted', schema } } },
    { prediction: { type: 'content', content: 'hello' } },
    messages({ type: 'text', text: 'hello' }),
    { messages: [{ role: 'assistant', content: 'hello', reasoning_content: 'Well' }] },
    { messages: [{ role: 'user', content: 'hello', image_url: 'https://example.com/a.png' }] },
  ]) {
    expect([more, isPlain({ ...hello, ...more })]).toEqual([more, false])
  }
})
