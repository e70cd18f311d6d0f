import type { SmtpConfig } from '../config.ts'
import { email } from './kinds.ts'
import type { Reading } from './read-settings.ts'
import type { Report } from './report.ts'
import type { mail } from './settings/mail.ts'

/** null: no mail server is set. */
export function readSmtp(reading: Reading<typeof mail>, report: Report): SmtpConfig | null {
  const { values } = reading
  if (values.SMTP_HOST === null) {
    const idle = (['SMTP_PORT', 'SMTP_USER', 'SMTP_PASS', 'SMTP_TLS'] as const).filter(reading.isGiven)
    if (idle.length > 0 && !report.isRefused('SMTP_HOST')) {
      report.warn(`${idle.map(reading.variableOf).join(', ')}: no effect without SMTP_HOST`)
    }
    return null
  }
  const { SMTP_USER: user, SMTP_PASS: password, SMTP_PORT: port } = values
  if (user !== null && password === null) report.refuse('SMTP_PASS', 'required with SMTP_USER')
  if (password !== null && user === null) report.refuse('SMTP_USER', 'required with SMTP_PASS')
  if (senderOf(reading) === null) report.refuse('MAIL_FROM', 'required with SMTP_HOST')
  const security = securityOf(values.SMTP_TLS, port)
  if (security === 'none') {
    report.warn(
      `${reading.variableOf('SMTP_TLS')}: mails, links to reset passwords among them, travel without encryption`,
    )
  }
  return { host: values.SMTP_HOST, port, user, password, security }
}

/** The address that mails come from, when one is known. */
export function senderOf({ values }: Reading<typeof mail>): string | null {
  const { MAIL_FROM: from, SMTP_USER: user } = values
  return from ?? (user !== null && email.parse(user).ok ? user : null)
}

function securityOf(tls: '1' | '0' | 'starttls' | 'implicit', port: number): SmtpConfig['security'] {
  if (tls === '0') return 'none'
  if (tls === '1') return port === 465 ? 'implicit' : 'starttls'
  return tls
}
