import { describe, expect, test } from 'bun:test'
import { requestIdOf } from '../../src/http/request-id.ts'

function request(id?: string): Request {
  return new Request('http://localhost/', id === undefined ? {} : { headers: { 'x-request-id': id } })
}

describe('requestIdOf', () => {
  test('keeps a sane id of the client', () => {
    expect(requestIdOf(request('trace_1.a-B'))).toBe('trace_1.a-B')
  })

  test('makes a new one otherwise, and the same one for the whole request', () => {
    for (const id of [undefined, '', 'a b', '"x"', 'x'.repeat(65)]) {
      const one = request(id)
      expect(requestIdOf(one)).toMatch(/^[0-9a-f-]{36}$/)
      expect(requestIdOf(one)).toBe(requestIdOf(one))
    }
    expect(requestIdOf(request())).not.toBe(requestIdOf(request()))
  })
})
