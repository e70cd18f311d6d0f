import { expect, test } from 'bun:test'
import { createLog } from '../../src/lib/log.ts'
import { createLogMailer } from '../../src/mail/log.ts'

const letter = {
  kind: 'reset',
  to: 'ann@example.com',
  subject: 'Reset',
  text: 'https://x.test/reset_password?token=secret-token',
}

async function logOf(showText: boolean): Promise<string> {
  const lines: string[] = []
  await createLogMailer(
    createLog('info', (line) => lines.push(line)),
    { showText },
  ).send(letter)
  return lines.join('')
}

test('without a mail server the log shows the whole letter, link and all', async () => {
  expect(JSON.parse(await logOf(true)).mail).toEqual(letter)
})

test('in production the log tells kind and domain, and nothing that opens an account', async () => {
  const line = await logOf(false)
  expect(JSON.parse(line).mail).toEqual({ kind: 'reset', domain: 'example.com' })
  expect(line).not.toContain('secret-token')
  expect(line).not.toContain('ann')
})
