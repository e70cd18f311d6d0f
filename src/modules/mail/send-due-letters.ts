import type { Deps } from '../../deps.ts'
import { findAppError } from '../../errors.ts'
import { describeError } from '../../lib/describe-error.ts'
import { retryDelayMs } from './retry-delay.ts'
import { openLetter } from './sealed-letter.ts'
import { claimDueLetters, deleteLetter, postponeLetter, type WaitingLetter } from './store.ts'

type MailDeps = Pick<Deps, 'config' | 'db' | 'mailer' | 'log' | 'now'>

const batchSize = 8
/** Longer than a mail server can make one attempt last. */
const leaseMs = 2 * 60 * 1000
/** The recipient of letters that are written for the sake of equal work only. */
const nobody = ''
const longestTryMs = 3 * 24 * 60 * 60 * 1000

/**
 * Sends what is due, several letters at a time, until nothing is or `isStopped`. A letter that the mail server
 * does not take is tried again later, for three days at most. Twice is possible (a server that dies after taking
 * it), never is not.
 */
export async function sendDueLetters(deps: MailDeps, isStopped: () => boolean = () => false): Promise<void> {
  while (!isStopped()) {
    const now = deps.now()
    const letters = await claimDueLetters(deps.db, now, new Date(now.getTime() + leaseMs), batchSize)
    if (letters.length === 0) return
    await Promise.all(letters.map((letter) => sendOne(deps, letter, now)))
  }
}

async function sendOne(deps: MailDeps, letter: WaitingLetter, now: Date): Promise<void> {
  const contents = openLetter(deps.config.secretKey, letter.sealedLetter)
  const isWorthIt = letter.expiresAt === null || letter.expiresAt > now
  if (contents === null) {
    deps.log.warn(outsideOf(letter), 'letter dropped: it was sealed with another SECRET_KEY')
  } else if (isWorthIt) {
    const isDone = await tryToSend(deps, letter, contents)
    if (!isDone) return
  } else if (letter.recipient !== nobody) {
    deps.log.warn(outsideOf(letter), 'letter dropped: it could not be sent in time')
  }
  await deleteLetter(deps.db, letter)
}

/** False: it stays in the outbox. */
async function tryToSend(
  deps: MailDeps,
  letter: WaitingLetter,
  contents: { subject: string; text: string },
): Promise<boolean> {
  try {
    await deps.mailer.send({ kind: letter.kind, to: letter.recipient, ...contents })
    deps.log.info(outsideOf(letter), 'letter sent')
    return true
  } catch (error) {
    const record = { ...outsideOf(letter), error: describeMailError(error) }
    if (findAppError(error)?.code === 'provider_rejected') {
      deps.log.warn(record, 'letter dropped: the mail server refuses it')
      return true
    }
    return giveUpOrPostpone(deps, letter, record)
  }
}

async function giveUpOrPostpone(deps: MailDeps, letter: WaitingLetter, record: object): Promise<boolean> {
  const now = deps.now()
  if (now.getTime() - letter.createdAt.getTime() > longestTryMs) {
    deps.log.error(record, 'letter dropped: it could not be sent for days')
    return true
  }
  const nextAttemptAt = new Date(now.getTime() + retryDelayMs(letter.attempts))
  await postponeLetter(deps.db, letter, nextAttemptAt)
  deps.log.warn({ ...record, nextAttemptAt }, 'letter could not be sent, will be tried again')
  return false
}

/** What the log may say: neither who it is for nor what is in it. */
function outsideOf({ id, kind, recipient, attempts }: WaitingLetter) {
  return { letter: id, kind, domain: recipient.slice(recipient.lastIndexOf('@') + 1), attempts }
}

/** Mail servers like to repeat the recipient's address in what they answer. */
function describeMailError(error: unknown) {
  const { message, code } = describeError(error)
  return { message: message.replace(/[^\s<>@]+@/g, '[redacted]@'), code }
}
