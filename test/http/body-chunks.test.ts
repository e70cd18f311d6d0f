import { expect, test } from 'bun:test'
import { bodyChunks } from '../../src/http/body-chunks.ts'

const limits = { limitBytes: 10, stallSeconds: 60 }

/** A request whose body is these pieces; null: then nothing more, for ever. */
function requestOf(pieces: (string | null)[], headers: Record<string, string> = {}): Request {
  const waiting = [...pieces]
  const body = new ReadableStream({
    pull(controller) {
      const piece = waiting.shift()
      if (piece === null) return new Promise(() => {})
      if (piece === undefined) controller.close()
      else controller.enqueue(Buffer.from(piece))
    },
  })
  return new Request('http://localhost/', { method: 'POST', body, headers })
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString()
}

test('a body comes as it is sent, as far as it may', async () => {
  expect(await textOf(bodyChunks(requestOf(['01234', '56789']), limits))).toBe('0123456789')
  expect(await textOf(bodyChunks(new Request('http://localhost/', { method: 'POST' }), limits))).toBe('')
  await expect(textOf(bodyChunks(requestOf(['01234', '56789', '!']), limits))).rejects.toMatchObject({
    code: 'payload_too_large',
  })
})

test('what says itself that it is too large is not read', () => {
  const request = requestOf([null], { 'content-length': '11' })
  expect(() => bodyChunks(request, limits)).toThrow('too large')
})

test('whoever falls silent is given up', async () => {
  const chunks = bodyChunks(requestOf(['01', null]), { limitBytes: 10, stallSeconds: 0.01 })
  await expect(textOf(chunks)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'The body broke off',
  })
})
