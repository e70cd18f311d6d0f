import { t } from 'elysia'
import { id, moment, noCursor } from '../../http/schema-fields.ts'

const password = t.String({ minLength: 1, maxLength: 512, description: 'As it was chosen.' })
const newPassword = t.String({
  minLength: 1,
  maxLength: 512,
  description: '8 to 128 characters of two kinds at least, not one that everybody knows.',
})
const session = t.Optional(
  t.Union([t.Literal('token'), t.Literal('cookie')], {
    description:
      '`token`, the default: the answer holds tokens, for programs. `cookie`: an HttpOnly cookie is set, for pages.',
  }),
)

export const registerBody = t.Object(
  {
    email: t.Optional(
      t.Nullable(t.String({ maxLength: 254, description: 'Kept in lower case; nobody else may have it.' })),
    ),
    phone: t.Optional(t.Nullable(t.String({ maxLength: 32, description: 'Nobody else may have it.' }))),
    username: t.Optional(
      t.Nullable(
        t.String({
          maxLength: 64,
          description: '3 to 20 letters, digits and underscores, at least one letter.',
        }),
      ),
    ),
    display_name: t.Optional(
      t.Nullable(t.String({ maxLength: 160, description: 'How to be called; at most 80 characters.' })),
    ),
    password: newPassword,
    invite_code: t.Optional(
      t.Nullable(t.String({ maxLength: 100, description: 'Where registering takes an invitation.' })),
    ),
    session,
  },
  { description: 'One of `email`, `phone` and `username` at least.' },
)

export const loginBody = t.Object({
  identifier: t.String({
    minLength: 1,
    maxLength: 254,
    description: 'E-mail address, phone number or username.',
  }),
  password,
  session,
})

const refreshToken = t.String({
  minLength: 1,
  maxLength: 256,
  description: 'The last one that you were given.',
})

export const refreshBody = t.Object({ refresh_token: refreshToken })

export const logoutBody = t.Optional(
  t.Nullable(t.Object({ refresh_token: t.Optional(t.Nullable(refreshToken)) })),
)

export const forgotPasswordBody = t.Object({
  identifier: t.String({ minLength: 1, maxLength: 254, description: 'E-mail address of the account.' }),
})

export const resetPasswordBody = t.Object({
  token: t.String({ minLength: 1, maxLength: 256, description: 'From the link in the letter.' }),
  new_password: newPassword,
})

const userView = t.Object(
  {
    id: t.String({ description: 'Of the person; no UUID.' }),
    email: t.Nullable(t.String({ description: 'Address for letters, and to log in with.' })),
    phone: t.Nullable(t.String({ description: 'To log in with.' })),
    username: t.Nullable(t.String({ description: 'To log in with.' })),
    display_name: t.Nullable(t.String({ description: 'How to be called.' })),
    role: t.Union([t.Literal('user'), t.Literal('admin')], { description: 'What may be done here.' }),
    plan: t.String({ description: 'Which allowance it has.' }),
    locale: t.Union([t.Literal('zh'), t.Literal('en')], { description: 'Language of mails to this person.' }),
    created_at: moment('When the account was made.'),
  },
  { title: 'User', description: 'A person with an account, as seen by that person.' },
)

const user = { user: userView }

export const meView = t.Object(user)

export const userBody = t.Object(
  {
    display_name: registerBody.properties.display_name,
    username: registerBody.properties.username,
    email: registerBody.properties.email,
    phone: registerBody.properties.phone,
    locale: t.Optional(
      t.Union([t.Literal('zh'), t.Literal('en')], { description: 'Language of mails to this person.' }),
    ),
    current_password: t.Optional(
      t.Nullable(t.String({ minLength: 1, maxLength: 512, description: 'For another `email` or `phone`.' })),
    ),
  },
  { description: 'What is absent stays as it is; `null` takes it away.' },
)

export const changePasswordBody = t.Object({ current_password: password, new_password: newPassword })

export const sessionsView = t.Object({
  items: t.Array(
    t.Object({
      id: id('Of the log-in.'),
      device: t.Nullable(t.String({ description: '`Firefox on Windows`, as far as it can be told.' })),
      user_agent: t.Nullable(t.String({ description: 'What the program called itself.' })),
      ip: t.Nullable(t.String({ description: 'From where this log-in was made.' })),
      created_at: moment('When this log-in was made.'),
      last_used_at: moment('To the minute.'),
      expires_at: moment('When it ends, unless it is used.'),
      current: t.Boolean({ description: 'The one that asks.' }),
    }),
    { description: 'The last used ones first, at most 100.' },
  ),
  next_cursor: noCursor,
})

const tokens = {
  access_token: t.String({ description: 'For `Authorization: Bearer`.' }),
  refresh_token: t.String({ description: 'Good for one exchange; a second one ends the session.' }),
  token_type: t.Literal('Bearer', { description: 'How to send the access token.' }),
  expires_in: t.Integer({ description: 'Seconds until the access token must be refreshed.' }),
}

export const tokensView = t.Object(tokens, { title: 'Tokens' })

/** The tokens are there when no cookie was asked for. */
export const loggedInView = t.Composite([t.Object(user), t.Partial(t.Object(tokens))], { title: 'LoggedIn' })

export const resetRequestedView = t.Object(
  {
    debug_token: t.Optional(
      t.String({
        description: 'Outside production only, with DEBUG_RETURN_RESET_TOKEN; no letter is sent then.',
      }),
    ),
  },
  { description: 'The same for every identifier: it does not tell whether there is such an account.' },
)
