import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { postman, startSecureMailServer } from '../mail/secure-mail-server.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { embeddedStack } from '../support/stacks.ts'
import { tempFolder } from '../support/temp-folder.ts'

const ways = [
  { name: 'STARTTLS', secure: false, settings: { SMTP_TLS: '1' } },
  { name: 'implicit TLS', secure: true, settings: { SMTP_TLS: 'implicit' } },
]

for (const { name, secure, settings } of ways) {
  test(`the executable sends mail over ${name}, logged in`, async () => {
    await using mail = await startSecureMailServer({ secure })
    const trusted = join(tempFolder('certificate'), 'mail.pem')
    writeFileSync(trusted, mail.certificate.cert)
    await using service = await startBinaryOnStack(embeddedStack, {
      env: {
        NODE_EXTRA_CA_CERTS: trusted,
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(mail.port),
        SMTP_USER: postman.user,
        SMTP_PASS: postman.password,
        MAIL_FROM: 'chat@example.com',
        ...settings,
      },
    })
    const fields = { email: 'ann@example.com', password: 'correct horse 1' }
    expect((await service.visitor().post('/auth/register', fields)).status).toBe(201)
    while (mail.received.length === 0) await Bun.sleep(20)
    expect(mail.received[0]).toMatchObject({
      to: ['ann@example.com'],
      from: 'chat@example.com',
      secure: true,
    })
  }, 60_000)
}
