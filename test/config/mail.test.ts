import { describe, expect, test } from 'bun:test'
import { faultsOf, load } from './load.ts'

const given = { SMTP_HOST: 'smtp.example.com', MAIL_FROM: 'noreply@example.com' }

describe('mail', () => {
  test.each([
    ['465', undefined, 'implicit'],
    ['587', undefined, 'starttls'],
    ['25', undefined, 'starttls'],
    ['80', '1', 'starttls'],
    ['465', 'true', 'implicit'],
    ['465', 'starttls', 'starttls'],
    ['2465', 'implicit', 'implicit'],
    ['2465', 'SSL', 'implicit'],
  ])('port %s with SMTP_TLS=%s is %s', (SMTP_PORT, SMTP_TLS, security) => {
    const { smtp, warnings } = load({ ...given, SMTP_PORT, SMTP_TLS })
    expect(smtp).toMatchObject({ host: 'smtp.example.com', port: Number(SMTP_PORT), security })
    expect(warnings).toEqual([])
  })

  test('SMTP_TLS=0 is heard, with a warning, on any port', () => {
    for (const SMTP_PORT of ['25', '465', '587']) {
      const { smtp, warnings } = load({ ...given, SMTP_PORT, SMTP_TLS: '0' })
      expect(smtp?.security).toBe('none')
      expect(warnings).toEqual([
        'SMTP_TLS: mails, links to reset passwords among them, travel without encryption',
      ])
    }
  })

  test('the sender is MAIL_FROM, or the user when that is an address', () => {
    expect(load({ ...given, MAIL_SENDER_NAME: 'Site' }).mail).toEqual({
      from: 'noreply@example.com',
      senderName: 'Site',
    })
    const user = { SMTP_HOST: 'h', SMTP_USER: 'robot@example.com', SMTP_PASS: 'x' }
    expect(load(user).mail.from).toBe('robot@example.com')
    expect(load({ ...user, ...given }).mail.from).toBe('noreply@example.com')
  })

  const refused: [Record<string, string>, string][] = [
    [{ SMTP_HOST: 'h' }, 'MAIL_FROM: required with SMTP_HOST'],
    [{ SMTP_HOST: 'h', SMTP_USER: 'robot', SMTP_PASS: 'x' }, 'MAIL_FROM: required with SMTP_HOST'],
    [{ ...given, SMTP_USER: 'u' }, 'SMTP_PASS: required with SMTP_USER'],
    [{ ...given, SMTP_PASS: 'u' }, 'SMTP_USER: required with SMTP_PASS'],
    [
      { ...given, MAIL_FROM: 'CloudChat <a@example.com>' },
      'MAIL_FROM: expected an e-mail address alone, such as noreply@example.com, not "CloudChat <a@example.com>"',
    ],
  ]

  test.each(refused)('%j is refused', (env, fault) => {
    expect(faultsOf(env)).toEqual([fault])
  })

  test('without a host the rest has no effect, and says so', () => {
    expect(load({ SMTP_PORT: '587', SMTP_USERNAME: 'u', SMTP_TLS: '1' })).toMatchObject({
      smtp: null,
      warnings: ['SMTP_PORT, SMTP_USERNAME, SMTP_TLS: no effect without SMTP_HOST'],
    })
  })
})
