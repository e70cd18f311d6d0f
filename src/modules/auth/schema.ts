import { t } from 'elysia'

const password = t.String({ minLength: 1, maxLength: 512 })
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
    email: t.Optional(t.Nullable(t.String({ maxLength: 254 }))),
    phone: t.Optional(t.Nullable(t.String({ maxLength: 32 }))),
    username: t.Optional(
      t.Nullable(
        t.String({
          maxLength: 64,
          description: '3 to 20 letters, digits and underscores, at least one letter.',
        }),
      ),
    ),
    display_name: t.Optional(t.Nullable(t.String({ maxLength: 160 }))),
    password: newPassword,
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

const refreshToken = t.String({ minLength: 1, maxLength: 256 })

export const refreshBody = t.Object({ refresh_token: refreshToken })

export const logoutBody = t.Optional(
  t.Nullable(t.Object({ refresh_token: t.Optional(t.Nullable(refreshToken)) })),
)

export const forgotPasswordBody = t.Object({
  identifier: t.String({ minLength: 1, maxLength: 254, description: 'E-mail address of the account.' }),
})

export const resetPasswordBody = t.Object({
  token: t.String({ minLength: 1, maxLength: 256 }),
  new_password: password,
})

const userView = t.Object({
  id: t.String(),
  email: t.Nullable(t.String()),
  phone: t.Nullable(t.String()),
  username: t.Nullable(t.String()),
  display_name: t.Nullable(t.String()),
  role: t.Union([t.Literal('user'), t.Literal('admin')]),
  plan: t.String(),
  created_at: t.String({ format: 'date-time' }),
})

export const meView = t.Object({ user: userView })

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
      id: t.String(),
      device: t.Nullable(t.String({ description: '`Firefox on Windows`, as far as it can be told.' })),
      user_agent: t.Nullable(t.String()),
      ip: t.Nullable(t.String({ description: 'From where this log-in was made.' })),
      created_at: t.String({ format: 'date-time' }),
      last_used_at: t.String({ format: 'date-time', description: 'To the minute.' }),
      expires_at: t.String({ format: 'date-time' }),
      current: t.Boolean({ description: 'The one that asks.' }),
    }),
  ),
  next_cursor: t.Null(),
})

const tokens = {
  access_token: t.String({ description: 'For `Authorization: Bearer`.' }),
  refresh_token: t.String({ description: 'Good for one exchange; a second one ends the session.' }),
  token_type: t.Literal('Bearer'),
  expires_in: t.Integer({ description: 'Seconds until the access token must be refreshed.' }),
}

export const tokensView = t.Object(tokens)

/** The tokens are there when no cookie was asked for. */
export const loggedInView = t.Composite([t.Object({ user: userView }), t.Partial(t.Object(tokens))])

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
