import type { Log } from '../lib/log.ts'
import type { Letter, Mailer } from './mailer.ts'

/**
 * For trying things out: letters go to the log, text and all, since that is how one gets at a reset link.
 * In production (`showText: false`) the log may be read by others, so it only says that a letter could not be sent.
 */
export function createLogMailer(log: Log, { showText }: { showText: boolean }): Mailer {
  return {
    async send(letter) {
      if (showText) log.info({ mail: letter }, 'mail: no mail server is set, the letter is shown here')
      else log.warn({ mail: outsideOf(letter) }, 'mail: no mail server is set, the letter is lost')
    },
    async close() {},
  }
}

function outsideOf({ kind, to }: Letter) {
  return { kind, domain: to.slice(to.lastIndexOf('@') + 1) }
}
