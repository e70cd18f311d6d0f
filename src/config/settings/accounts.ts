import { bad, choice, cookieName, email, good, integer, type Kind, onOff } from '../kinds.ts'
import { setting } from '../setting.ts'

export const accounts = {
  AUTH_COOKIE_NAME: setting({
    kind: cookieName,
    default: 'cc_auth',
    meaning: 'Cookie of a person who is logged in.',
  }),
  SESSION_TTL_SECONDS: setting({
    kind: integer(60, 2_592_000),
    default: '604800',
    meaning: 'How long a log-in with a cookie lasts.',
  }),
  ACCESS_TOKEN_TTL_SECONDS: setting({
    kind: integer(60, 86_400),
    default: '900',
    meaning: "How long a program's access token lasts before it must be refreshed.",
  }),
  REFRESH_TOKEN_TTL_SECONDS: setting({
    kind: integer(60, 31_536_000),
    default: '2592000',
    meaning: 'How long a program may be silent before it must log in again.',
  }),
  REFRESH_MAX_SECONDS: setting({
    kind: integer(60, 315_360_000),
    default: '7776000',
    meaning: 'How long after its log-in a program may go on refreshing at all.',
  }),
  PWRESET_TOKEN_TTL: setting({
    kind: integer(60, 3600),
    default: '900',
    meaning: 'Seconds for which a link to reset a password works.',
  }),
  PWRESET_REVOKE_SESSIONS: setting({
    kind: onOff,
    default: '1',
    meaning: 'A new password ends all log-ins of that person.',
  }),
  RESET_LINK: setting({
    kind: choice(['query', 'fragment', 'both']),
    default: 'both',
    meaning:
      'Where the link carries its token: ?token=, #token= (which no server or log ever sees), or both for older front ends.',
  }),
  DEBUG_RETURN_RESET_TOKEN: setting({
    kind: onOff,
    default: '0',
    meaning:
      'Answers a forgotten password with the token instead of a mail. For tests; refused in production.',
  }),
  REGISTRATION: setting({
    kind: choice(['open', 'invite', 'closed']),
    default: 'open',
    meaning:
      'Who may make an account: everybody, whoever has an invitation, or nobody. Administrators may change it while the service runs.',
  }),
  ADMIN_EMAIL: setting({
    kind: email,
    shownDefault: 'none',
    meaning: 'Administrator who is created at the start when there is no such account.',
  }),
  ADMIN_USERNAME: setting({
    kind: username(),
    shownDefault: 'none',
    meaning: 'As ADMIN_EMAIL; either or both.',
  }),
  ADMIN_PASSWORD: setting({
    kind: adminPassword(),
    secret: true,
    shownDefault: 'none',
    meaning: "The administrator's first password; a later change here has no effect.",
  }),
}

function username(): Kind<string> {
  return {
    label: 'text',
    parse: (value) =>
      /^[\p{L}\p{M}\p{Nd}_]{3,20}$/u.test(value) && /\p{L}/u.test(value)
        ? good(value)
        : bad('3 to 20 letters, digits and underscores, at least one letter'),
  }
}

function adminPassword(): Kind<string> {
  const expected = '8 to 128 characters of at least two kinds out of Latin letters, digits and anything else'
  return {
    label: 'text',
    parse(value) {
      const kinds = [/[A-Za-z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(value)).length
      const length = [...value].length
      return kinds >= 2 && length >= 8 && length <= 128 ? good(value) : bad(expected)
    },
  }
}
