import { expect, test } from 'bun:test'
import { eventLines } from '../../src/http/event-lines.ts'
import type { EventReader, StreamEvent } from '../../src/http/event-reader.ts'

const events: StreamEvent[] = [
  { seq: 1, type: 'delta', data: '{"text":"a\\nb"}' },
  { type: 'title', data: '{"title":"好"}' },
]

test('one line each, with its number where it has one', async () => {
  const response = eventLines(new Request('http://localhost/'), readerOf([events]))
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  expect(await response.text()).toBe(
    '{"id":1,"event":"delta","data":{"text":"a\\nb"}}\n{"event":"title","data":{"title":"好"}}\n',
  )
})

test('what keeps a quiet connection alive disturbs no parser', async () => {
  const { promise, resolve } = Promise.withResolvers<StreamEvent[]>()
  const response = eventLines(new Request('http://localhost/'), readerOf([promise]), {
    heartbeatSeconds: 0.01,
  })
  const pieces: string[] = []
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    pieces.push(piece)
    if (pieces.length === 3) resolve(events)
  }
  const text = pieces.join('')
  expect(text).toStartWith('   {')
  const lines = text.split('\n').filter((line) => line !== '')
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['delta', 'title'])
})

function readerOf(steps: (StreamEvent[] | Promise<StreamEvent[]>)[]): EventReader {
  return { next: async () => (await steps.shift()) ?? null, close() {} }
}
