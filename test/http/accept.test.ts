import { expect, test } from 'bun:test'
import { acceptedType } from '../../src/http/accept.ts'

const types = ['text/event-stream', 'application/x-ndjson', 'application/json'] as const

const cases: [accept: string | null, chosen: string | null][] = [
  [null, null],
  ['', null],
  ['*/*', null],
  ['text/event-stream', 'text/event-stream'],
  ['Text/Event-Stream; charset=utf-8', 'text/event-stream'],
  ['application/json, text/event-stream;q=0.5', 'application/json'],
  ['application/json;q=0.2, application/x-ndjson ;q=0.5', 'application/x-ndjson'],
  ['application/json, text/event-stream', 'text/event-stream'],
  ['text/event-stream;q=0', null],
  ['text/event-stream;q=nonsense, application/json;q=-1', null],
  ['text/html,application/xhtml+xml,*/*;q=0.8', null],
  [`${'x,'.repeat(10_000)}application/json`, null],
]

test.each(cases)('Accept: %p', (accept, chosen) => {
  const request = new Request('http://localhost/', accept === null ? {} : { headers: { accept } })
  expect(acceptedType(request, types)).toBe(chosen as (typeof types)[number] | null)
})
