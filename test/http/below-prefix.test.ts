import { expect, test } from 'bun:test'
import { belowPrefix } from '../../src/http/below-prefix.ts'

const ask = belowPrefix(['', '/cloudchat'])((request) => request.url)

test.each([
  [
    'http://localhost/cloudchat/api/v1/site?x=/cloudchat/api/',
    'http://localhost/api/v1/site?x=/cloudchat/api/',
  ],
  ['http://localhost/api/v1/site', 'http://localhost/api/v1/site'],
  ['http://localhost/cloudchat/login', 'http://localhost/cloudchat/login'],
  ['http://localhost/other/api/v1/site', 'http://localhost/other/api/v1/site'],
])('%s is asked for as %s', (url, expected) => {
  const request = new Request(url, { method: 'POST', body: 'kept' })
  expect(ask(request)).toBe(expected)
  expect(request.method).toBe('POST')
})
