import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { startBinary } from '../support/binary.ts'
import { startMailServer } from '../support/mail-server.ts'
import { freePort } from '../support/ports.ts'
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
