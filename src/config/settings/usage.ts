import { bad, good, integer, type Kind, limit } from '../kinds.ts'
import { setting } from '../setting.ts'

export const usage = {
  DEFAULT_PLAN: setting({
    kind: planName(),
    shownDefault: 'unlimited; in production free',
    meaning: 'Plan of everybody who has been given no other.',
  }),
  TIMEZONE: setting({
    kind: timezone(),
    default: 'UTC',
    meaning: 'Where days and months of plans and statistics begin, such as Asia/Shanghai.',
  }),
  ANONYMOUS_TOKENS_PER_DAY: setting({
    kind: integer(0, 1_000_000_000_000),
    shownDefault: '0; in production 2000000',
    meaning: 'Tokens of all visitors without an account together; 0: any number.',
  }),
  LIMIT_REDEEM_USER: setting({
    kind: limit,
    default: '10/3600',
    meaning: 'Top-up codes that one person may try: count/seconds, 0 for no limit.',
  }),
}

function planName(): Kind<string> {
  return {
    label: 'text',
    parse: (value) =>
      /^[a-z0-9][a-z0-9_-]{0,31}$/.test(value)
        ? good(value)
        : bad('1 to 32 lower-case letters, digits, hyphens and underscores'),
  }
}

function timezone(): Kind<string> {
  return {
    label: 'text',
    parse(value) {
      try {
        new Intl.DateTimeFormat('en', { timeZone: value })
        // Offsets such as +08:00 are turned round by the database.
        return /^[A-Za-z]/.test(value) ? good(value) : bad(expectedZone)
      } catch {
        return bad(expectedZone)
      }
    },
  }
}

const expectedZone = 'the name of a time zone such as Asia/Shanghai or UTC'
