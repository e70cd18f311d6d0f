import type { Config } from '../config.ts'
import type { Log } from '../lib/log.ts'
import { createLogMailer } from './log.ts'
import type { Mailer } from './mailer.ts'
import { createSmtpMailer } from './smtp.ts'

/** The mail server of the settings; without one, letters are written to the log, or wait (in production). */
export function createMailer(config: Config, log: Log): Mailer {
  if (config.smtp !== null) return createSmtpMailer(config.smtp, config.mail)
  return createLogMailer(log, { showText: !config.production })
}
