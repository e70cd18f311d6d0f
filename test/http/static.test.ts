import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Elysia } from 'elysia'
import { chooseEncoding } from '../../src/http/encoding.ts'
import { type StaticFile, sendFile } from '../../src/http/static.ts'

const folder = mkdtempSync(join(tmpdir(), 'static-'))
const text = 'const answer = 42\n'.repeat(100)
const copy = async (name: string, content: string | Uint8Array) => {
  await Bun.write(join(folder, name), content)
  return join(folder, name)
}
const file: StaticFile = {
  contentType: 'text/javascript; charset=utf-8',
  hash: 'abc',
  copies: {
    identity: await copy('a.js', text),
    gzip: await copy('a.js.gz', Bun.gzipSync(text)),
    br: await copy('a.js.br', new Uint8Array((await import('node:zlib')).brotliCompressSync(text))),
  },
}
const app = new Elysia({ handler: { standardHostname: false }, serve: { hostname: '127.0.0.1' } })
  .get('/a.js', ({ request }) => sendFile(file, request, { 'cache-control': 'immutable' }))
  .listen(0)
const address = `http://127.0.0.1:${app.server?.port}`
afterAll(async () => {
  await app.stop(true)
  rmSync(folder, { recursive: true })
})

const get = (encoding: string, init: RequestInit = {}) =>
  fetch(`${address}/a.js`, {
    ...init,
    headers: { 'accept-encoding': encoding, ...(init.headers as Record<string, string>) },
  })

describe('sendFile', () => {
  for (const encoding of ['br', 'gzip', 'identity']) {
    test(`sends the ${encoding} copy to whoever wants it`, async () => {
      const response = await get(encoding)
      expect(response.status).toBe(200)
      expect(await response.text()).toBe(text)
      expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(response.headers.get('cache-control')).toBe('immutable')
      expect(response.headers.get('vary')).toBe('Accept-Encoding')
      const expected = encoding === 'identity' ? ['"abc"'] : [`"abc-${encoding}"`]
      expect([response.headers.get('etag')]).toEqual(expected)
    })
  }

  test('answers 304 to whoever has it', async () => {
    const etag = (await get('br')).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const response = await get('br', { headers: { 'if-none-match': known } })
      expect(response.status).toBe(304)
      expect(await response.text()).toBe('')
      expect(response.headers.get('cache-control')).toBe('immutable')
    }
    expect((await get('br', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    expect((await get('gzip', { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  test('HEAD tells the same and sends nothing', async () => {
    const response = await get('identity', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(text.length))
    expect(response.headers.get('etag')).toBe('"abc"')
    expect(await response.text()).toBe('')
  })

  test('a short Host finds it too', async () => {
    const response = await fetch(`${address}/a.js`, { headers: { host: 'app' } })
    expect(response.status).toBe(200)
  })
})

describe('chooseEncoding', () => {
  const copies = { br: 1, gzip: 1 }
  test('takes the smallest that is accepted', () => {
    expect(chooseEncoding('gzip, deflate, br', copies)).toBe('br')
    expect(chooseEncoding('GZIP', copies)).toBe('gzip')
    expect(chooseEncoding('br;q=0, gzip;q=0.5', copies)).toBe('gzip')
    expect(chooseEncoding('br', { gzip: 1 })).toBeNull()
  })
  test('sends the plain copy to whoever asks for none', () => {
    for (const header of [null, '', 'identity', '*', 'gzip;q=0', 'gzip;q=0.000']) {
      expect(chooseEncoding(header, copies)).toBeNull()
    }
  })
})
