import type { Log } from '../lib/log.ts'
import type { Mailer } from './mailer.ts'

/**
 * For trying things out: letters go to the log, text and all, since that is how one gets at a reset link.
 * In production (`showText: false`) the log may be read by others: nothing is shown, and the letter waits in the
 * outbox until a mail server is set.
 */
export function createLogMailer(log: Log, { showText }: { showText: boolean }): Mailer {
  return {
    async send(letter) {
      if (!showText) throw new Error('no mail server is set (SMTP_HOST)')
      log.info({ mail: letter }, 'mail: no mail server is set, the letter is shown here')
    },
    async close() {},
  }
}
