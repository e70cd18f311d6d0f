import { expect, test } from 'bun:test'
import type { SmtpConfig } from '../../src/config.ts'
import { findAppError } from '../../src/errors.ts'
import { createSmtpMailer } from '../../src/mail/smtp.ts'
import { postman, type SecureMailServer, startSecureMailServer } from './secure-mail-server.ts'

const from = { from: 'noreply@cloudchat.test', senderName: '云聊' }
const letter = {
  kind: 'reset',
  to: 'ann@example.com',
  subject: '网站 - 重置密码',
  text: '您好\nhttps://x.test/?token=abc#token=abc\n',
}

function mailerFor(server: SecureMailServer, changes: Partial<SmtpConfig> = {}, trust = true) {
  const smtp: SmtpConfig = {
    host: '127.0.0.1',
    port: server.port,
    ...postman,
    security: 'starttls',
    ...changes,
  }
  return createSmtpMailer(smtp, from, trust ? { ca: server.certificate.cert } : {})
}

test('a letter goes out over STARTTLS with log-in, Chinese intact', async () => {
  await using server = await startSecureMailServer()
  await mailerFor(server).send(letter)
  const [mail] = server.received
  expect(mail).toMatchObject({ to: ['ann@example.com'], from: 'noreply@cloudchat.test', secure: true })
  const subject = Buffer.from(letter.subject).toString('base64')
  expect(mail?.message.replace(/\?=\r\n =\?UTF-8\?B\?/g, '')).toContain(`Subject: =?UTF-8?B?${subject}?=`)
  expect(mail?.message).toContain('=E6=82=A8=E5=A5=BD\r\nhttps://x.test/?token=3Dabc#token=3Dabc\r\n')
  expect(mail?.message).toContain('noreply@cloudchat.test')
})

test('a letter goes out over implicit TLS', async () => {
  await using server = await startSecureMailServer({ secure: true })
  await mailerFor(server, { security: 'implicit' }).send(letter)
  expect(server.received).toHaveLength(1)
  expect(server.received[0]?.secure).toBe(true)
})

test('a server that offers no encryption gets neither password nor letter', async () => {
  let loginsTried = 0
  await using server = await startSecureMailServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(_auth, _session, done) {
      loginsTried++
      done(null, { user: postman.user })
    },
  })
  expect(mailerFor(server).send(letter)).rejects.toMatchObject({ code: 'ETLS' })
  await mailerFor(server)
    .send(letter)
    .catch(() => {})
  expect(loginsTried).toBe(0)
  expect(server.received).toHaveLength(0)
})

test('encryption is left out only when the settings say so', async () => {
  await using server = await startSecureMailServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
  })
  await mailerFor(server, { security: 'none' }).send(letter)
  expect(server.received[0]?.secure).toBe(false)
})

test('a certificate that nobody vouches for is refused', async () => {
  await using server = await startSecureMailServer()
  expect(mailerFor(server, {}, false).send(letter)).rejects.toThrow()
  await mailerFor(server, {}, false)
    .send(letter)
    .catch(() => {})
  expect(server.received).toHaveLength(0)
})

test('a wrong mail password is not final: the operator may mend it', async () => {
  await using server = await startSecureMailServer()
  const error = await mailerFor(server, { password: 'wrong' })
    .send(letter)
    .catch((e: unknown) => e)
  expect(error).toMatchObject({ code: 'EAUTH' })
  expect(findAppError(error)).toBeNull()
})

test('a recipient who does not exist is final, one who is busy is not', async () => {
  await using server = await startSecureMailServer({
    onRcptTo({ address }, _session, done) {
      const responseCode = address.startsWith('gone') ? 550 : 450
      done(Object.assign(new Error('no'), { responseCode }))
    },
  })
  const gone = await mailerFor(server)
    .send({ ...letter, to: 'gone@example.com' })
    .catch((e: unknown) => e)
  const busy = await mailerFor(server)
    .send({ ...letter, to: 'busy@example.com' })
    .catch((e: unknown) => e)
  expect(findAppError(gone)?.code).toBe('provider_rejected')
  expect(busy).toBeInstanceOf(Error)
  expect(findAppError(busy)).toBeNull()
})

test('a subject cannot smuggle in a header', async () => {
  await using server = await startSecureMailServer()
  await mailerFor(server).send({ ...letter, subject: 'Hello\r\nBcc: eve@example.com' })
  expect(server.received[0]?.to).toEqual(['ann@example.com'])
  expect(server.received[0]?.message).not.toMatch(/^Bcc:/im)
})

test('nobody there is an error, at once', async () => {
  const server = await startSecureMailServer()
  const mailer = mailerFor(server)
  await server[Symbol.asyncDispose]()
  expect(mailer.send(letter)).rejects.toThrow()
})
