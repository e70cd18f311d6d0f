import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createEventParser, type WireEvent } from '../../src/web/event-parser.ts'

const encoder = new TextEncoder()

function parseAll(pieces: Uint8Array[]): WireEvent[] {
  const parse = createEventParser()
  return pieces.flatMap((piece) => parse(piece))
}

const parseText = (text: string) => parseAll([encoder.encode(text)])

describe('createEventParser', () => {
  test('reads what the service writes', () => {
    expect(
      parseText('retry: 1000\n\nid: 1\nevent: start\ndata: {"a":1}\n\n:\n\nevent: title\ndata: x\n\n'),
    ).toEqual([
      { id: '1', type: 'start', data: '{"a":1}' },
      { id: '1', type: 'title', data: 'x' },
    ])
  })

  test('an event without its empty line is not there yet', () => {
    const parse = createEventParser()
    expect(parse(encoder.encode('data: x\n'))).toEqual([])
    expect(parse(encoder.encode('\n'))).toEqual([{ id: '', type: 'message', data: 'x' }])
  })

  test('several lines of data, no space after the colon, no colon at all', () => {
    expect(parseText('data:a\ndata:  b\ndata\nunknown: x\n\n')).toEqual([
      { id: '', type: 'message', data: 'a\n b\n' },
    ])
  })

  test('an event without data is none, and leaves its type to nobody', () => {
    expect(parseText('event: lost\n\ndata: x\n\n')).toEqual([{ id: '', type: 'message', data: 'x' }])
  })

  const words = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\0]/g, ''))
  const wireEvent = fc.record({ id: words, type: words, data: fc.array(words, { minLength: 1 }) })
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r')

  test('the same events come out, wherever the bytes are cut and however lines end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wireEvent, lineEnd)), fc.array(fc.nat({ max: 9 })), (written, sizes) => {
        const text = written.map(([{ id, type, data }, end]) =>
          [`id: ${id}`, ': a comment', `event: ${type}`, ...data.map((line) => `data: ${line}`), '', ''].join(
            end,
          ),
        )
        const events = written.map(([{ id, type, data }]) => ({
          id,
          type: type || 'message',
          data: data.join('\n'),
        }))
        expect(parseAll(cut(encoder.encode(text.join('')), sizes))).toEqual(events)
      }),
      { numRuns: 1000 },
    )
  })
})

/** Into pieces of these sizes, over and over. */
function cut(bytes: Uint8Array, sizes: number[]): Uint8Array[] {
  if (!sizes.some((size) => size > 0)) return [bytes]
  const pieces: Uint8Array[] = []
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    pieces.push(bytes.subarray(from, from + size))
    from += size
  }
  return pieces
}
