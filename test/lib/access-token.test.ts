import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { readAccessToken, signAccessToken } from '../../src/lib/access-token.ts'
import { deriveKey } from '../../src/lib/derive-key.ts'

const secret = 'only for tests, 0123456789'
const issuedAt = new Date('2026-03-01T12:00:00Z')
const expiresAt = new Date('2026-03-01T12:15:00Z')
const claims = { uid: '0123456789ab', sessionId: '0195f1c0-0000-7000-8000-000000000001', expiresAt }
const key = deriveKey(secret, 'access tokens')

const header = { alg: 'HS256', typ: 'at+jwt' }
const payload = {
  sid: claims.sessionId,
  sub: claims.uid,
  iss: 'cloudchat',
  aud: 'cloudchat/api',
  iat: issuedAt.getTime() / 1000,
  exp: expiresAt.getTime() / 1000,
}

const read = (token: string, now = issuedAt) => readAccessToken(secret, token, now)

describe('an access token', () => {
  test('says who it is, by which session and until when, and nothing else', async () => {
    const token = await signAccessToken(secret, claims, issuedAt)
    expect(await read(token)).toEqual(claims)
    expect(token.split('.').slice(0, 2).map(decode)).toEqual([header, payload])
  })

  test('made by hand in the same way is the same: what is refused below is refused for its one fault', async () => {
    expect(await read(make(header, payload, key))).toEqual(claims)
  })

  test('that has run out is still genuine', async () => {
    const token = await signAccessToken(secret, claims, issuedAt)
    expect(await read(token, new Date('2026-04-01T00:00:00Z'))).toEqual(claims)
  })

  test('is refused when it was signed otherwise', async () => {
    const [head = '', body = '', signature = ''] = make(header, payload, key).split('.')
    const forged = {
      'another secret': make(header, payload, deriveKey('another secret, 0123456789', 'access tokens')),
      'the secret itself': make(header, payload, Buffer.from(secret)),
      'the key of another purpose': make(header, payload, deriveKey(secret, 'mail outbox')),
      'no algorithm': `${encode({ ...header, alg: 'none' })}.${body}.`,
      'no algorithm, signed all the same': make({ ...header, alg: 'none' }, payload, key),
      'another algorithm': make({ ...header, alg: 'HS512' }, payload, key, 'sha512'),
      'an algorithm with two keys': make({ ...header, alg: 'RS256' }, payload, key),
      'no signature': `${head}.${body}.`,
      'a shorter signature': `${head}.${body}.${signature.slice(0, -4)}`,
      'the signature of another one': `${head}.${encode({ ...payload, sub: 'somebody' })}.${signature}`,
      'a key that it brings along': make(
        { ...header, jwk: { kty: 'oct', k: 'AAAA' } },
        payload,
        Buffer.alloc(3),
      ),
    }
    for (const [how, token] of Object.entries(forged)) expect([how, await read(token)]).toEqual([how, null])
  })

  test('is refused when it was made for something else, or lacks a word', async () => {
    for (const typ of ['JWT', 'rt+jwt', undefined]) {
      expect(await read(make({ ...header, typ }, payload, key))).toBeNull()
    }
    const others = {
      iss: ['x', undefined],
      aud: ['x', undefined],
      exp: ['x', undefined],
      sid: [1, undefined],
    }
    for (const [name, values] of Object.entries({ ...others, sub: [undefined], iat: ['x', undefined] })) {
      for (const value of values) {
        expect([name, value, await read(make(header, { ...payload, [name]: value }, key))]).toEqual([
          name,
          value,
          null,
        ])
      }
    }
  })

  test('is refused when it is no such thing at all', async () => {
    const nonsense = ['', '.', '..', 'a.b.c', 'é.é.é', `${'e'.repeat(100_000)}.e.e`, 'x'.repeat(43), '\u0000']
    for (const token of nonsense) expect(await read(token)).toBeNull()
    for (const body of ['null', '[]', '"text"', '{', '{"sub":{}}']) {
      expect(await read(make(header, body, key))).toBeNull()
    }
  })
})

function make(head: object, body: object | string, withKey: Uint8Array, hash = 'sha256'): string {
  const text = `${encode(head)}.${typeof body === 'string' ? Buffer.from(body).toString('base64url') : encode(body)}`
  return `${text}.${createHmac(hash, withKey).update(text).digest('base64url')}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}
