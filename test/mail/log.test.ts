import { expect, test } from 'bun:test'
import { createLog } from '../../src/lib/log.ts'
import { createLogMailer } from '../../src/mail/log.ts'

const letter = {
  kind: 'reset',
  to: 'ann@example.com',
  subject: 'Reset',
  text: 'https://x.test/reset_password?token=secret-token',
}

function mailerTo(lines: string[], showText: boolean) {
  return createLogMailer(
    createLog('info', (line) => lines.push(line)),
    { showText },
  )
}

test('without a mail server the log shows the whole letter, link and all', async () => {
  const lines: string[] = []
  await mailerTo(lines, true).send(letter)
  expect(JSON.parse(lines.join('')).mail).toEqual(letter)
})

test('in production nothing is shown, and the letter counts as not sent', async () => {
  const lines: string[] = []
  const refusal = await mailerTo(lines, false)
    .send(letter)
    .catch((error: unknown) => error)
  expect(String(refusal)).toContain('SMTP_HOST')
  expect(lines).toEqual([])
})
