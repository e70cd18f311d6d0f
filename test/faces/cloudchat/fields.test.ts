import { describe, expect, test } from 'bun:test'
import { AppError } from '../../../src/errors.ts'
import { readFields } from '../../../src/faces/cloudchat/fields.ts'

const rules = { name: { maxLength: 4, trim: true }, secret: { maxLength: 4 } }

function request(body: BodyInit | null, contentType: string | null = 'application/json'): Request {
  const headers: Record<string, string> = contentType === null ? {} : { 'content-type': contentType }
  return new Request('http://localhost/', { method: 'POST', headers, body })
}

const read = (body: unknown) => readFields(request(JSON.stringify(body)), rules)

async function refusal(asked: Request): Promise<string> {
  const error: unknown = await readFields(asked, rules).catch((thrown: unknown) => thrown)
  return error instanceof AppError ? `${error.code}: ${error.message}` : `no refusal: ${String(error)}`
}

describe('the fields of a request', () => {
  test('are the texts that were sent, trimmed where that is the rule', async () => {
    expect(await read({ name: ' me ', secret: ' x ', other: 1 })).toEqual({ name: 'me', secret: ' x ' })
  })

  test('are null when absent or null', async () => {
    expect(await read({ name: null })).toEqual({ name: null, secret: null })
  })

  test('are counted in code points, after trimming', async () => {
    expect(await read({ name: '  🙂🙂🙂🙂  ' })).toEqual({ name: '🙂🙂🙂🙂', secret: null })
  })

  test('may come with a charset', async () => {
    expect(await readFields(request('{"name":"a"}', 'Application/JSON; charset=utf-8'), rules)).toEqual({
      name: 'a',
      secret: null,
    })
  })

  const objectRequired = 'invalid_request: JSON object required'
  const refused: [title: string, asked: () => Request, expected: string][] = [
    ['no body', () => request(null), objectRequired],
    ['an empty body', () => request(''), objectRequired],
    ['no content type', () => request(Buffer.from('{}'), null), objectRequired],
    ['another content type', () => request('{}', 'text/plain'), objectRequired],
    ['a content type that only begins like it', () => request('{}', 'application/jsonp'), objectRequired],
    ['not JSON', () => request('{"name":'), objectRequired],
    ['not UTF-8', () => request(Uint8Array.of(0x7b, 0xff, 0x7d)), objectRequired],
    ['null', () => request('null'), objectRequired],
    ['an array', () => request('[]'), objectRequired],
    ['a text', () => request('"name"'), objectRequired],
    ['a number in a field', () => request('{"name":5}'), 'invalid_request: name must be a string'],
    ['an object in a field', () => request('{"secret":{}}'), 'invalid_request: secret must be a string'],
    ['false in a field', () => request('{"name":false}'), 'invalid_request: name must be a string'],
    ['too long', () => request('{"name":"12345"}'), 'invalid_request: name is too long'],
    ['much too long', () => request('{"secret":"123456789"}'), 'invalid_request: secret is too long'],
    ['too long in code points', () => request('{"name":"🙂🙂🙂🙂🙂"}'), 'invalid_request: name is too long'],
    ['16 KiB and a byte', () => request(bodyOf(16_385)), 'payload_too_large: The body is too large'],
    [
      'large and of another type',
      () => request(bodyOf(16_385), 'text/plain'),
      'payload_too_large: The body is too large',
    ],
  ]
  test.each(refused)('refuses %s', async (_title, asked, expected) => {
    expect(await refusal(asked())).toBe(expected)
  })

  test('accepts 16 KiB', async () => {
    expect(await readFields(request(bodyOf(16_384)), rules)).toEqual({ name: 'me', secret: null })
  })
})

function bodyOf(size: number): string {
  const head = '{"name":"me","x":"'
  return `${head}${'x'.repeat(size - head.length - 2)}"}`
}
