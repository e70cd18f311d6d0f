import { t } from 'elysia'
import { type Answer, describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'CloudChat',
  description:
    'The contract of the earlier CloudChat front end, with and without the prefix `/cloudchat`. Programs are better served by `/api/v1`. A refusal is told by its text.',
}

const text = (maxLength: number, description: string) =>
  t.Optional(
    t.Nullable(t.String({ maxLength, description: `${description} At most ${maxLength} characters.` })),
  )

const ok = t.Literal(true, { description: 'It was done.' })
const fine = t.Object({ ok })
const json = (description: string, schema: object, headers?: Record<string, string>): Answer => ({
  description,
  ...(headers ? { headers } : {}),
  content: { 'application/json': { schema } },
})

const notObject = 'JSON object required'
const faultsOf = (...fields: string[]) =>
  fields.flatMap((field) => [`${field} must be a string`, `${field} is too long`])
const tooMany = ['Too many requests']
const runOut = ['The access token has run out: refresh it']
const disagreeing = 'Two credentials at once that do not agree: send one'

const lines: Answer = {
  description:
    'One JSON object with a piece of the answer in each line; its end is the end of the body. A body that is cut off is an answer that is cut off. It may be empty.',
  headers: { 'Set-Cookie': 'The visitor’s session, on `/deepseek_chat`.' },
  content: {
    'application/json': {
      schema: { type: 'string' },
      events: t.Object(
        { text: t.String({ description: 'What is new.' }) },
        { title: 'TextLine', description: 'A piece of an answer.' },
      ),
      example: '{"text":"Hel"}\n{"text":"lo"}\n',
    },
  },
}
const chatTexts = {
  rate_limited: tooMany,
  forbidden: ['Login required'],
  token_expired: runOut,
  dependency_down: ['Model is unavailable'],
  shutting_down: ['The service is restarting'],
}
const chatCodes = ['token_expired', 'rate_limited', 'forbidden', 'dependency_down', 'shutting_down'] as const
const account = {
  message: t.String({
    maxLength: 4000,
    description: 'The question, at most 4,000 characters without the spaces around.',
  }),
}

export const operations = describeOperations(tag, {
  cloudchatMe: {
    summary: 'Get who is logged in (CloudChat)',
    description: 'By the cookie, or a program’s access token.',
    codes: ['invalid_request', 'unauthenticated', 'token_expired', 'dependency_down'],
    texts: { invalid_request: [disagreeing], unauthenticated: ['Unauthorized'], token_expired: runOut },
    mayLogIn: true,
    answers: {
      200: json(
        'Who it is.',
        t.Object({
          ok,
          user: t.Object(
            {
              id: t.Integer({ description: 'Number of the account.' }),
              uid: t.String({ description: 'The same id as in `/api/v1`.' }),
              email: t.Nullable(t.String({ description: 'E-mail address.' })),
              phone: t.Nullable(t.String({ description: 'Phone number.' })),
              display_name: t.Nullable(t.String({ description: 'How to be called.' })),
              is_active: t.Boolean({ description: 'It has not been closed.' }),
            },
            { description: 'The account.' },
          ),
        }),
      ),
    },
  },
  cloudchatHealth: {
    summary: 'Whether all is there (CloudChat)',
    description: 'What a deployment waits for: three booleans that are all true.',
    answers: { 200: json('All is there.', health()), 503: json('Something is away.', health()) },
  },
  cloudchatTest: {
    summary: 'Something else each time (CloudChat)',
    description: 'Shows by repeating itself that a proxy keeps it.',
    answers: {
      200: json(
        'Made now.',
        t.Object({
          timestamp: t.Number({ description: 'Now, in seconds since 1970.' }),
          request_id: t.String({ description: 'A new UUID.' }),
        }),
      ),
    },
  },
  cloudchatHistory: {
    summary: 'Get what was said in this visit (CloudChat)',
    description: 'By the visitor’s cookie; without one nothing was said.',
    codes: ['dependency_down'],
    answers: {
      200: json(
        'What is remembered.',
        t.Object({
          messages: t.Array(
            t.Object({
              role: t.Union([t.Literal('user'), t.Literal('assistant')], { description: 'Who said it.' }),
              content: t.String({ description: 'What.' }),
            }),
            { description: 'Oldest first.' },
          ),
        }),
      ),
    },
  },
  cloudchatRegister: {
    summary: 'Make an account (CloudChat)',
    description: 'Nobody is logged in by it. Where registering takes an invitation, it is done elsewhere.',
    body: t.Object({
      email: text(254, 'E-mail address; required.'),
      phone: text(32, 'Phone number.'),
      password: text(128, '8 characters of two kinds at least.'),
      display_name: text(80, 'How to be called.'),
    }),
    codes: ['forbidden', 'email_taken', 'phone_taken', 'rate_limited', 'dependency_down'],
    texts: {
      invalid_request: [
        notObject,
        ...faultsOf('email', 'phone', 'password', 'display_name'),
        'email required',
        'Invalid email',
        'Invalid phone',
        'Invalid display_name',
        'Weak password',
      ],
      forbidden: ['Registration is closed', 'Registration takes an invitation'],
      email_taken: ['Email already registered'],
      phone_taken: ['Phone already registered'],
      rate_limited: tooMany,
    },
    answers: { 201: json('The account has been made.', fine) },
  },
  cloudchatLogIn: {
    summary: 'Log in (CloudChat)',
    description: 'Whatever is wrong, the refusal is the same, also when it was tried too often.',
    body: t.Object({
      identifier: text(254, 'E-mail address, phone number or user name.'),
      password: text(128, 'The password.'),
    }),
    codes: ['invalid_credentials', 'dependency_down'],
    texts: {
      invalid_request: [notObject, ...faultsOf('identifier', 'password')],
      invalid_credentials: ['Invalid credentials'],
    },
    answers: { 200: json('Logged in.', fine, { 'Set-Cookie': 'The session.' }) },
  },
  cloudchatLogOut: {
    summary: 'Log out (CloudChat)',
    description: 'Also where nobody was logged in.',
    codes: ['dependency_down'],
    mayLogIn: true,
    answers: { 200: json('Nobody is logged in.', fine, { 'Set-Cookie': 'Takes the cookie away.' }) },
  },
  cloudchatForgotPassword: {
    summary: 'Ask for a link to choose a new password (CloudChat)',
    description: 'Says yes to everybody.',
    body: t.Object({ identifier: text(254, 'E-mail address of the account.') }),
    codes: ['dependency_down'],
    texts: { invalid_request: [notObject, ...faultsOf('identifier')] },
    answers: {
      200: json(
        'If there is such an account, a letter is on its way.',
        t.Object({
          ok,
          debug_token: t.Optional(
            t.String({ description: 'With DEBUG_RETURN_RESET_TOKEN, which production refuses.' }),
          ),
          debug_ttl: t.Optional(t.Integer({ description: 'Seconds for which it is good.' })),
        }),
      ),
    },
  },
  cloudchatResetPassword: {
    summary: 'Choose a new password (CloudChat)',
    description: 'With the token of the link. Nobody is logged in by it.',
    body: t.Object({
      token: text(256, 'From the link in the letter.'),
      password: text(128, '8 characters of two kinds at least.'),
    }),
    codes: ['rate_limited', 'dependency_down'],
    texts: {
      invalid_request: [
        notObject,
        ...faultsOf('token', 'password'),
        'Invalid token or weak password',
        'Token invalid or expired',
        'User not found',
      ],
      rate_limited: tooMany,
    },
    answers: {
      200: json(
        'The password has been changed.',
        t.Object({ ok, revoked_sessions: t.Integer({ description: 'So many log-ins have ended by it.' }) }),
      ),
    },
  },
  cloudchatAsk: {
    summary: 'Chat (CloudChat)',
    description:
      'In the visitor’s own conversation, which is remembered for an hour after the last question.',
    body: t.Object({
      ...account,
      guideMode: t.Optional(
        t.Nullable(
          t.Literal('public_site', { description: 'Answers from what is public about the site alone.' }),
        ),
      ),
      presetId: text(64, 'Which of the prepared questions it is.'),
      locale: text(16, 'Language of the answer in guide mode: `en…` is English.'),
    }),
    codes: chatCodes,
    texts: {
      ...chatTexts,
      invalid_request: [
        notObject,
        disagreeing,
        'Message is required',
        'guideMode is invalid',
        ...faultsOf('message', 'guideMode', 'presetId', 'locale'),
      ],
    },
    mayLogIn: true,
    answers: { 200: lines },
  },
  cloudchatAskOnce: {
    summary: 'Ask one question (CloudChat)',
    description: 'Nothing is remembered. Qwen answers where it is configured.',
    body: t.Object(account),
    codes: chatCodes,
    texts: {
      ...chatTexts,
      invalid_request: [notObject, disagreeing, 'Message is required', ...faultsOf('message')],
    },
    mayLogIn: true,
    answers: { 200: { ...lines, headers: {} } },
  },
  cloudchatDraw: {
    summary: 'Have a picture drawn (CloudChat)',
    description: 'It is kept nowhere. Models and size are those of the settings.',
    body: t.Object({
      prompt: t.String({ maxLength: 4000, description: 'What is to be seen, at most 4,000 characters.' }),
    }),
    codes: [...chatCodes, 'internal'],
    texts: {
      ...chatTexts,
      invalid_request: [notObject, disagreeing, 'Prompt is required', ...faultsOf('prompt')],
      internal: ['Failed to generate image'],
    },
    mayLogIn: true,
    answers: {
      200: json(
        'It is drawn.',
        t.Object({
          image_urls: t.Array(t.String({ description: 'A `data:` URL, which holds the picture itself.' }), {
            description: 'One.',
          }),
        }),
      ),
    },
  },
  cloudchatReset: {
    summary: 'Forget what was said in this visit (CloudChat)',
    description: 'Says so to everybody, and creates nothing for those who have none.',
    codes: ['dependency_down'],
    answers: {
      200: json(
        'It is forgotten.',
        t.Object({ status: t.Literal('Reset chat history successfully', { description: 'Always this.' }) }),
      ),
    },
  },
})

function health() {
  return t.Object({
    ok: t.Boolean({ description: 'Both are there.' }),
    redis: t.Boolean({ description: 'Redis answers, or none is configured.' }),
    db: t.Boolean({ description: 'The database answers.' }),
  })
}
