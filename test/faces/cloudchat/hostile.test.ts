import { afterAll, describe, expect, test } from 'bun:test'
import { noLimits } from '../../support/binary-on-stack.ts'
import { startApp } from '../../support/harness.ts'
import { hostileBodies, hostileHeaders, hostileValues } from '../../support/hostile.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { embeddedStack } from '../../support/stacks.ts'

const app = await startApp(embeddedStack, noLimits)
afterAll(() => app[Symbol.asyncDispose]())
const port = Number(new URL(app.url).port)

const password = 'correct horse 1'
/** A good request for each path: one field at a time is spoilt. */
const good: Record<string, Record<string, unknown>> = {
  '/auth/register': { email: 'a@example.com', phone: '+8613800000000', display_name: 'A', password },
  '/auth/login': { identifier: 'a@example.com', password },
  '/auth/password/forgot': { identifier: 'a@example.com' },
  '/auth/password/reset': { token: 'x', password },
  '/deepseek_chat': { message: 'hello', guideMode: 'public_site', presetId: 'x', locale: 'en' },
  '/chat': { message: 'hello' },
}
const paths = [...Object.keys(good), '/auth/logout', '/reset_chat']

async function expectRefusalOrAnswer(
  path: string,
  body: Uint8Array | string | null,
  headers: [string, string][],
) {
  const asked = { method: 'POST', path, body, headers }
  const { status, body: answer } = await rawRequest(port, asked)
  const isFine = status >= 200 && status < 500
  expect({ path, headers, body: String(body).slice(0, 100), status, isFine }).toMatchObject({ isFine: true })
  const last = answer.trim().split('\n').at(-1)
  if (status >= 400 && last) expect(JSON.parse(last)).toHaveProperty('error', expect.any(String))
}

describe('no request breaks', () => {
  test.each(paths)('%s: bodies that are none', async (path) => {
    for (const body of Object.values(hostileBodies)) {
      await expectRefusalOrAnswer(path, body, [['Content-Type', 'application/json']])
    }
  })

  test.each(Object.keys(good))('%s: fields with what nobody expects', async (path) => {
    for (const name of Object.keys(good[path] ?? {})) {
      for (const value of hostileValues) {
        const body = JSON.stringify({ ...good[path], [name]: value })
        await expectRefusalOrAnswer(path, body, [['Content-Type', 'application/json']])
      }
    }
  })

  test.each([...paths, '/chat_history'])('%s: cookies that are none', async (path) => {
    const cookies = hostileHeaders.filter(([name]) => name === 'Cookie')
    for (const cookie of cookies) {
      await expectRefusalOrAnswer(path, JSON.stringify(good[path] ?? {}), [
        ['Content-Type', 'application/json'],
        cookie,
      ])
    }
  })
})
