import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import type { SMTPServerOptions } from 'smtp-server'
import { rowsOf } from '../../../src/db/rows.ts'
import type { Deps } from '../../../src/deps.ts'
import { createSmtpMailer } from '../../../src/mail/smtp.ts'
import { register } from '../../../src/modules/auth/register.ts'
import { requestPasswordReset } from '../../../src/modules/auth/request-password-reset.ts'
import { enqueueLetter } from '../../../src/modules/mail/enqueue-letter.ts'
import { startMailJobs } from '../../../src/modules/mail/jobs.ts'
import { sendDueLetters } from '../../../src/modules/mail/send-due-letters.ts'
import { claimDueLetters, deleteLetter } from '../../../src/modules/mail/store.ts'
import { type Certificate, createCertificate } from '../../mail/certificate.ts'
import { postman, startSecureMailServer } from '../../mail/secure-mail-server.ts'
import { describeOnStacks, type Stack } from '../../support/stacks.ts'
import { type Accounts, ann, openAccounts } from '../auth/accounts.ts'

const certificate = createCertificate()

describeOnStacks('the outbox', (stack) => {
  test('a letter leaves by itself after the deed that it is about', async () => {
    await using server = await startServer()
    await using accounts = await open(stack, server.port)
    const jobs = startMailJobs(accounts.deps)
    await register(accounts.deps, ann, accounts.client)
    expect(await untilEmpty(accounts)).toBe(true)
    await jobs.stop()
    expect(server.mails()).toMatchObject([{ to: [ann.email], secure: true }])
  })

  test('a mail server that is slow delays nobody', async () => {
    const released = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    await using server = await startServer({
      onMailFrom(_address, _session, done) {
        reached.resolve()
        void released.promise.then(() => done())
      },
    })
    await using accounts = await open(stack, server.port)
    const jobs = startMailJobs(accounts.deps)
    await register(accounts.deps, ann, accounts.client)
    await reached.promise
    // The letter is on its way and stays there; accounts are opened meanwhile.
    await register(accounts.deps, { ...ann, email: 'ben@example.com' }, accounts.client)
    expect(server.mails()).toHaveLength(0)
    released.resolve()
    expect(await untilEmpty(accounts)).toBe(true)
    await jobs.stop()
    expect(server.mails()).toHaveLength(2)
  })

  test('a mail server that is down loses nothing', async () => {
    const port = await freePort()
    await using accounts = await open(stack, port)
    const { deps, client } = accounts
    await register(deps, ann, client)
    await sendDueLetters(deps)
    const [waiting] = await listOutbox(accounts)
    expect(waiting).toMatchObject({ kind: 'welcome', attempts: 1 })
    const delay = Number(waiting?.wait_seconds)
    expect(delay).toBeGreaterThanOrEqual(11)
    expect(delay).toBeLessThanOrEqual(19)

    await using server = await startServer({ port })
    await sendDueLetters(deps)
    expect(server.mails()).toHaveLength(0)
    accounts.advance(20)
    await sendDueLetters(deps)
    expect(server.mails().map(({ to }) => to)).toEqual([[ann.email]])
    expect(await listOutbox(accounts)).toEqual([])
  })

  test('a mail server that refuses for now is asked again, one that refuses for good is not', async () => {
    let isBusy = true
    await using server = await startServer({
      onRcptTo({ address }, _session, done) {
        const responseCode = address.startsWith('gone') ? 550 : 451
        done(isBusy ? Object.assign(new Error('no'), { responseCode }) : null)
      },
    })
    await using accounts = await open(stack, server.port)
    const { deps, client } = accounts
    await register(deps, ann, client)
    await register(deps, { ...ann, email: 'gone@example.com' }, client)
    await sendDueLetters(deps)
    expect((await listOutbox(accounts)).map(({ recipient }) => recipient)).toEqual([ann.email])
    isBusy = false
    accounts.advance(20)
    await sendDueLetters(deps)
    expect(server.mails().map(({ to }) => to)).toEqual([[ann.email]])
  })

  test('several senders send each letter once', async () => {
    await using server = await startServer()
    await using accounts = await open(stack, server.port)
    const { deps } = accounts
    const recipients = Array.from({ length: 12 }, (_, n) => `reader${n}@example.com`)
    for (const to of recipients) await enqueue(deps, to)
    await Promise.all([sendDueLetters(deps), sendDueLetters(deps), sendDueLetters(deps)])
    expect(
      server
        .mails()
        .flatMap(({ to }) => to)
        .sort(),
    ).toEqual(recipients.sort())
  })

  test('a letter whose sender died is taken over by another, who then has it for itself', async () => {
    await using accounts = await open(stack, await freePort())
    const { deps } = accounts
    await enqueue(deps, ann.email)
    const claim = () => claimDueLetters(deps.db, deps.now(), new Date(deps.now().getTime() + 120_000), 10)
    const [first] = await claim()
    expect(first?.attempts).toBe(1)
    expect(await claim()).toEqual([])
    accounts.advance(120)
    const [second] = await claim()
    expect(second?.attempts).toBe(2)
    if (first) await deleteLetter(deps.db, first)
    expect(await listOutbox(accounts)).toHaveLength(1)
    if (second) await deleteLetter(deps.db, second)
    expect(await listOutbox(accounts)).toEqual([])
  })

  test('a link that has run out is not sent any more', async () => {
    const port = await freePort()
    await using accounts = await open(stack, port)
    const { deps, client } = accounts
    await register(deps, ann, client)
    await requestPasswordReset(deps, ann.email, client)
    await sendDueLetters(deps)
    await using server = await startServer({ port })
    accounts.advance(deps.config.auth.resetTokenTtlSeconds)
    await sendDueLetters(deps)
    expect(server.mails()).toHaveLength(1)
    expect(server.mails()[0]?.message).toContain('Welcome')
    expect(await listOutbox(accounts)).toEqual([])
    expect(messages(accounts)).toContain('letter dropped: it could not be sent in time')
  })

  test('after days it is given up, and the log says so', async () => {
    await using accounts = await open(stack, await freePort())
    await enqueue(accounts.deps, ann.email)
    accounts.advance(3 * 24 * 3600 - 60)
    await sendDueLetters(accounts.deps)
    expect(await listOutbox(accounts)).toHaveLength(1)
    accounts.advance(4 * 3600)
    await sendDueLetters(accounts.deps)
    expect(await listOutbox(accounts)).toEqual([])
    expect(messages(accounts)).toContain('letter dropped: it could not be sent for days')
  })

  test('letters are unreadable in the database, and after a change of SECRET_KEY for ourselves', async () => {
    await using server = await startServer()
    await using accounts = await open(stack, server.port)
    const { deps, client } = accounts
    await register(deps, ann, client)
    await requestPasswordReset(deps, ann.email, client)
    const stored = JSON.stringify(await listOutbox(accounts))
    for (const word of ['Welcome', 'reset_password', 'token=']) expect(stored).not.toContain(word)
    await sendDueLetters({ ...deps, config: { ...deps.config, secretKey: 'another secret of the service' } })
    expect(server.mails()).toEqual([])
    expect(await listOutbox(accounts)).toEqual([])
    expect(messages(accounts)).toContain('letter dropped: it was sealed with another SECRET_KEY')
  })

  test('the log tells neither who a letter is for nor what is in it', async () => {
    await using accounts = await open(stack, await freePort())
    const { deps, client } = accounts
    await register(deps, ann, client)
    await requestPasswordReset(deps, ann.email, client)
    await sendDueLetters(deps)
    const log = JSON.stringify(accounts.log)
    expect(log).toContain('letter could not be sent')
    for (const word of [ann.email, 'token=', postman.password]) expect(log).not.toContain(word)
  })
})

/** Accounts whose letters go to the mail server at this port, over STARTTLS with log-in. */
async function open(stack: Stack, port: number): Promise<Accounts> {
  const accounts = await openAccounts(stack)
  const smtp = { host: '127.0.0.1', port, ...postman, security: 'starttls' as const }
  const from = { from: 'noreply@cloudchat.test', senderName: 'CloudChat' }
  accounts.deps.mailer = createSmtpMailer(smtp, from, { ca: certificate.cert })
  return accounts
}

async function startServer(options: SMTPServerOptions & { port?: number; certificate?: Certificate } = {}) {
  const server = await startSecureMailServer({ ...options, certificate })
  return { ...server, mails: () => server.received }
}

async function freePort(): Promise<number> {
  const server = await startServer()
  await server[Symbol.asyncDispose]()
  return server.port
}

function enqueue(deps: Deps, to: string): Promise<void> {
  return enqueueLetter(
    deps,
    deps.db,
    { kind: 'welcome', to, subject: 'Hello', text: 'Hello' },
    { expiresAt: null },
  )
}

async function listOutbox({ deps }: Accounts): Promise<Record<string, unknown>[]> {
  const now = deps.now().toISOString()
  const result = await deps.db.execute(sql`
    select *, extract(epoch from next_attempt_at - ${now}::timestamptz)::float8 as wait_seconds from mail_outbox`)
  return rowsOf(result)
}

/** False: after many looks there is still a letter. */
async function untilEmpty(accounts: Accounts): Promise<boolean> {
  for (let looks = 0; looks < 300; looks++) {
    if ((await listOutbox(accounts)).length === 0) return true
    await Bun.sleep(10)
  }
  return false
}

function messages({ log }: Accounts): unknown[] {
  return log.map((line) => line.msg)
}
