import { choice, email, host, integer, text } from '../kinds.ts'
import { setting } from '../setting.ts'

export const mail = {
  SMTP_HOST: setting({
    kind: host,
    shownDefault: 'none',
    meaning:
      'Server that takes the mails. Without one they are written to the log; in production they wait unsent.',
  }),
  SMTP_PORT: setting({
    kind: integer(1, 65535),
    default: '587',
    meaning: 'Port of the mail server.',
  }),
  SMTP_USER: setting({
    kind: text(),
    aliases: ['SMTP_USERNAME'],
    shownDefault: 'none',
    meaning: 'Account on the mail server.',
  }),
  SMTP_PASS: setting({
    kind: text(),
    aliases: ['SMTP_PASSWORD'],
    secret: true,
    shownDefault: 'none',
    meaning: 'Its password.',
  }),
  SMTP_TLS: setting({
    kind: choice(['1', '0', 'starttls', 'implicit'], {
      true: '1',
      yes: '1',
      on: '1',
      auto: '1',
      false: '0',
      no: '0',
      off: '0',
      none: '0',
      ssl: 'implicit',
    }),
    default: '1',
    meaning:
      '1: implicit TLS on port 465, STARTTLS (required, never dropped) on any other. 0: without encryption.',
  }),
  MAIL_FROM: setting({
    kind: email,
    aliases: ['SMTP_FROM'],
    shownDefault: 'SMTP_USER if it is an address',
    meaning: 'Sender of the mails. Required with SMTP_HOST.',
  }),
  MAIL_SENDER_NAME: setting({
    kind: text({ max: 80 }),
    shownDefault: 'SITE_NAME',
    meaning: "The sender's name.",
  }),
}
