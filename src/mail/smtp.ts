import type { Transporter } from 'nodemailer'
import type { Config, SmtpConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import { withTimeLimit } from '../lib/time-limit.ts'
import type { Letter, Mailer } from './mailer.ts'

/** A connection that makes no progress for this long is given up; the outbox tries again. */
const timeouts = {
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 20_000,
}
/** Those only see silence; a server that drips a byte now and then is stopped by this. */
const deadlineMs = 60_000

export interface SmtpOptions {
  /** Certificates to trust instead of the system's. */
  ca?: string
}

/** Sends through a mail server, one connection a letter: letters are few, and idle connections get cut. */
export function createSmtpMailer(smtp: SmtpConfig, from: Config['mail'], { ca }: SmtpOptions = {}): Mailer {
  let transport: Promise<Transporter> | undefined
  const open = async () =>
    (await import('nodemailer')).createTransport({
      host: smtp.host,
      port: smtp.port,
      secure: smtp.security === 'implicit',
      // Without it, somebody on the way could strip the offer of encryption and read along.
      requireTLS: smtp.security === 'starttls',
      ignoreTLS: smtp.security === 'none',
      ...(smtp.user === null ? {} : { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      disableFileAccess: true,
      disableUrlAccess: true,
      ...timeouts,
    })
  return {
    async send(letter) {
      try {
        // Loaded by the first letter: a service may go for days without one.
        transport ??= open()
        const sending = transport.then((opened) => opened.sendMail(toMessage(letter, from)))
        await withTimeLimit(sending, deadlineMs, 'the mail server took too long')
      } catch (error) {
        throw isRefusal(error) ? refused(error) : error
      }
    },
    async close() {
      ;(await transport)?.close()
    },
  }
}

function toMessage({ to, subject, text }: Letter, from: Config['mail']) {
  return {
    from: { name: from.senderName, address: from.from },
    to: { name: '', address: to },
    envelope: { from: from.from, to: [to] },
    subject,
    text,
    // Asks other people's robots not to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

/** A final no to this recipient. Other refusals (log-in, sender, size) are the operator's to mend. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { command, responseCode } = error as Error & { command?: unknown; responseCode?: unknown }
  return command === 'RCPT TO' && [550, 551, 553, 554].includes(Number(responseCode))
}

function refused(cause: unknown): AppError {
  return new AppError('provider_rejected', 'The mail server refuses this letter', { cause })
}
