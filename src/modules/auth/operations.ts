import { describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'Logging in',
  description:
    'Counted by address (LIMIT_API_AUTH_IP), whatever comes of it. A program asks for tokens, a page for a cookie.',
}

const setsCookie = { 'Set-Cookie': 'The session, with `session: "cookie"`.' }

export const logInOperations = describeOperations(tag, {
  register: {
    summary: 'Make an account, and log in',
    description:
      'With one of e-mail address, phone number and user name at least. A welcome is sent by mail.',
    codes: [
      'rate_limited',
      'email_taken',
      'phone_taken',
      'username_taken',
      'unauthenticated',
      'dependency_down',
    ],
    answers: { 201: { description: 'The account has been made.', headers: setsCookie } },
  },
  logIn: {
    summary: 'Log in',
    description:
      'Everything that may be wrong looks the same from outside: whether there is such an account is not told. Ten tries in ten minutes are let through, the successful ones too.',
    codes: ['invalid_credentials', 'rate_limited', 'dependency_down'],
    answers: { 200: { description: 'Logged in.', headers: setsCookie } },
  },
  refreshTokens: {
    summary: 'Exchange a refresh token',
    description:
      'It is good for one exchange. One that comes a second time has been copied, as far as anybody can tell: its session ends.',
    codes: ['unauthenticated', 'rate_limited', 'dependency_down'],
  },
  logOut: {
    summary: 'Log out',
    description:
      'Ends whatever session is shown: by cookie, by access token (also one that has run out), by refresh token. Showing none is no mistake.',
    codes: ['rate_limited', 'dependency_down'],
    mayLogIn: true,
    answers: {
      204: { description: 'Nobody is logged in.', headers: { 'Set-Cookie': 'Takes the cookie away.' } },
    },
  },
  requestPasswordReset: {
    summary: 'Ask for a link to choose a new password',
    description:
      'The answer is the same whether there is such an account or not; the letter goes to its address.',
    codes: ['rate_limited', 'dependency_down'],
  },
  resetPassword: {
    summary: 'Choose a new password',
    description:
      'With the token of the link, which is then used up; a password that is too weak leaves it as it is. Nobody is logged in by it, and all sessions end.',
    codes: ['rate_limited', 'dependency_down'],
  },
})

const ownTag = { name: 'Account', description: 'Of the person who is logged in.' }

export const ownOperations = describeOperations(ownTag, {
  getMe: {
    summary: 'Get who is logged in',
    description: 'And under which plan.',
  },
  updateMe: {
    summary: 'Change one’s account',
    description:
      'Another `email` or `phone` needs the current password. One of e-mail address, phone number and user name must stay.',
    codes: ['email_taken', 'phone_taken', 'username_taken'],
  },
  changePassword: {
    summary: 'Change one’s password',
    description: 'Every other session ends, and links to choose a new one are worth nothing any more.',
  },
  listSessions: {
    summary: 'List where one is logged in',
    description: 'Each log-in with its device and when it was last used.',
  },
  deleteOtherSessions: {
    summary: 'Log out everywhere else',
    description: 'The session that asks stays.',
  },
  deleteSession: {
    summary: 'End a session',
    description: 'It may be the one that asks. What it has open ends within a second.',
    codes: ['not_found'],
  },
})
