import { t } from 'elysia'

const password = t.String({ minLength: 1, maxLength: 512 })
const session = t.Literal('cookie', {
  description: '`cookie`: the session token comes as an HttpOnly cookie.',
})

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
    password: t.String({
      minLength: 1,
      maxLength: 512,
      description: '8 to 128 characters of two kinds at least, not one that everybody knows.',
    }),
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
  created_at: t.String({ format: 'date-time' }),
})

export const meView = t.Object({ user: userView })

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
