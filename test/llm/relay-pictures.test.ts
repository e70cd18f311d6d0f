import { expect, test } from 'bun:test'
import { createPictureMeter } from '../../src/llm/relay-pictures.ts'

const picture = 'A'.repeat(100_000)
const usage = { total_tokens: 7, input_tokens: 3, output_tokens: 4, input_tokens_details: { text_tokens: 3 } }
const event = (type: string, more: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: picture, ...more })}\n\n`
const sketch = event('image_generation.partial_image')
const completed = event('image_generation.completed', { usage })

function metered(text: string, pieceBytes: number) {
  const meter = createPictureMeter()
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) meter.push(bytes.subarray(at, at + pieceBytes))
  const { usage: counted, ...end } = meter.end()
  return { ...end, tokens: counted && [counted.promptTokens, counted.completionTokens] }
}

test.each([
  ['one picture', sketch + completed, { isWhole: true, pictures: 1, tokens: [3, 4] }],
  ['two', completed + completed, { isWhole: true, pictures: 2, tokens: [3, 4] }],
  ['without a blank line behind it', completed.trimEnd(), { isWhole: true, pictures: 1, tokens: [3, 4] }],
  ['and `[DONE]`', `${completed}data: [DONE]\n\n`, { isWhole: true, pictures: 1, tokens: [3, 4] }],
  [
    'what it is told behind the picture',
    `data: {"b64_json":"${picture}","usage":${JSON.stringify(usage)},"type":"image_generation.completed"}\n\n`,
    { isWhole: true, pictures: 1, tokens: [3, 4] },
  ],
  [
    'each one told, and then all of them',
    event('image_generation.partial_succeeded').repeat(2) +
      `data: ${JSON.stringify({ type: 'image_generation.completed', usage })}\n\n`,
    { isWhole: true, pictures: 2, tokens: [3, 4] },
  ],
  ['a sketch alone', sketch, { isWhole: false, pictures: 0, tokens: null }],
  ['an error', 'data: {"type":"error","error":{"message":"no"}}\n\n', { isWhole: false, pictures: 0 }],
  ['an end inside the picture', sketch + completed.slice(0, 50_000), { isWhole: false, pictures: 0 }],
])('a stream of pictures: %s', (_, text, end) => {
  for (const pieceBytes of [1000, 4096, 16_384, 1 << 20]) expect(metered(text, pieceBytes)).toMatchObject(end)
})
