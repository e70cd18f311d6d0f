import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import { hello } from '../faces/openai/gateway.ts'
import { registerPerson } from '../support/api-person.ts'
import { startBinary } from '../support/binary.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { type Lines, openLines } from '../support/lines.ts'
import { startMailServer } from '../support/mail-server.ts'
import { freePort } from '../support/ports.ts'
import { hasServices } from '../support/services.ts'
import { servicesStack } from '../support/stacks.ts'
import { createVisitor } from '../support/visitor.ts'

setDefaultTimeout(60_000)

describe('a crash of the embedded service', () => {
  test('accounts, sessions and unsent mail survive kill -9', async () => {
    const mailPort = await freePort()
    const settings = {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mailPort),
      SMTP_TLS: '0',
      MAIL_FROM: 'a@cloudchat.test',
    }
    const credentials = { SMTP_USER: 'postman', SMTP_PASS: 'a mail password' }
    const binary = await startBinary({
      env: { ...settings, ...credentials, SECRET_KEY: 'only for tests, 0123456789' },
    })
    const people = [1, 2, 3].map((number) => ({
      email: `p${number}@example.com`,
      password: 'correct horse 1',
    }))
    const visitors = people.map(() => createVisitor(binary.url))

    for (const [at, person] of people.entries()) {
      expect((await visitors[at]?.post('/auth/register', person))?.status).toBe(201)
      const login = await visitors[at]?.post('/auth/login', {
        identifier: person.email,
        password: person.password,
      })
      expect(login?.status).toBe(200)
    }
    await binary.kill()
    const mail = await startMailServer(mailPort)
    await binary.start()

    for (const [at, person] of people.entries()) {
      expect((await visitors[at]?.get('/auth/me'))?.status).toBe(200)
      const again = { identifier: person.email, password: person.password }
      expect((await createVisitor(binary.url).post('/auth/login', again)).status).toBe(200)
      await mail.waitForLetter(person.email)
    }
    await binary.stop()
    await mail.stop()
  })

  test('killed again and again while it writes, it always comes back with what it had acknowledged', async () => {
    const binary = await startBinary({ env: { LIMIT_REGISTER_IP: '0', LIMIT_LOGIN_IP: '0' } })
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const writing = Promise.all(
        [0, 1, 2, 3].map(async (number) => {
          const email = `r${round}-${number}@example.com`
          const register = createVisitor(binary.url).post('/auth/register', {
            email,
            password: 'correct horse 1',
          })
          const status = await register.then((response) => response.status).catch(() => 0)
          if (status === 201) acknowledged.push(email)
          if (acknowledged.length > round) await binary.kill()
        }),
      )
      await writing
      await binary.start()
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(3)
    for (const identifier of acknowledged) {
      const login = await createVisitor(binary.url).post('/auth/login', {
        identifier,
        password: 'correct horse 1',
      })
      expect([identifier, login.status]).toEqual([identifier, 200])
    }
    await binary.stop()
  })
})

describe.skipIf(!hasServices())('a crash while answers are passed on', () => {
  test('leaves each in the ledger once, with what was delivered until a moment before', async () => {
    const upstream = startGatedUpstream()
    const prepared = await servicesStack.prepare()
    const stack = { ...servicesStack, prepare: async () => prepared }
    await using app = await startBinaryOnStack(stack, { upstream: upstream.url })
    const sql = postgres(prepared.env.DATABASE_URL ?? '', { max: 1, prepare: false })
    const ann = await registerPerson(app.url)
    const { key } = await ann.json<{ key: string }>('POST', '/api/v1/keys', { name: 'test' })
    const body = JSON.stringify({ ...hello, stream: true })
    const headers = { authorization: `Bearer ${key}` }
    const gateway = openLines(fetch(`${app.url}/v1/chat/completions`, { method: 'POST', headers, body }))
    const byGateway = await upstream.answer(1)
    const page = openLines(app.visitor().post('/deepseek_chat', { message: 'hello' }))
    const onPage = await upstream.answer(2)
    const say = async (words: number) => {
      for (let at = 0; at < words; at++) {
        byGateway.say(word)
        onPage.say(word)
      }
      await Promise.all([readWords(gateway, words), readWords(page, words)])
    }

    await say(300)
    const noted = () => sql`
      select 1 from calls_under_way where (entry ->> 'completion_tokens')::integer >= 300`
    while ((await noted()).length < 2) await Bun.sleep(20)
    await say(20)
    await app.binary.kill()
    await Promise.all([byGateway.left, onPage.left])
    // So long nobody waits here for an instance to count as dead.
    await sql`update instances set heartbeat_at = heartbeat_at - interval '1 minute'`
    await app.binary.start()

    const ledger = () => sql`
      select kind, outcome, is_estimated, prompt_tokens > 0 as has_prompt, completion_tokens
      from usage_events order by kind`
    while ((await ledger()).length < 2) await Bun.sleep(20)
    const rows = await ledger()
    const interrupted = { outcome: 'interrupted', is_estimated: true, has_prompt: true }
    expect(rows.map(({ completion_tokens: _, ...row }) => row)).toEqual([
      { kind: 'call', ...interrupted },
      { kind: 'chat', ...interrupted },
    ])
    for (const { completion_tokens: tokens } of rows) expect(tokens).toBeWithin(300, 321)
    expect((await sql`select 1 from calls_under_way`).length).toBe(0)
    await sql.end()
    await upstream.stop()
  })
})

/** A token by our estimate. */
const word = 'word '

async function readWords(lines: Lines, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const line = await lines.next()
    if (line === null) throw new Error('the answer has ended')
    if (line.includes(word)) left--
  }
}
