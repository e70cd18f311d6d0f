import { t } from 'elysia'
import { moment, nextCursor, order, page, search } from '../../http/schema-fields.ts'

const role = t.Union([t.Literal('user'), t.Literal('admin')], { description: 'What somebody may do here.' })
const plan = t.Nullable(
  t.String({ maxLength: 32, description: 'His own plan; null: the one that everybody has.' }),
)
const name = (maxLength: number, description: string) =>
  t.Optional(t.Nullable(t.String({ maxLength, description })))

export const usersQuery = t.Object({
  ...page,
  search: search('Part of an e-mail address, user name, display name or phone number; or a whole id.'),
  role: t.Optional(role),
  status: t.Optional(
    t.Union([t.Literal('active'), t.Literal('banned')], { description: 'Only those who are.' }),
  ),
  plan: t.Optional(
    t.String({
      maxLength: 32,
      description: 'Only those who have it; `default`: who have none of their own.',
    }),
  ),
  sort: t.Optional(
    t.Union(
      [
        t.Literal('created'),
        t.Literal('name'),
        t.Literal('role'),
        t.Literal('plan'),
        t.Literal('status'),
        t.Literal('sessions'),
        t.Literal('last_seen'),
        t.Literal('last_login'),
      ],
      { description: 'By what; `created` without it. A cursor is good for the order that it came with.' },
    ),
  ),
  order: order('desc'),
})

export const newUserBody = t.Object(
  {
    email: name(254, 'E-mail address.'),
    phone: name(32, 'Phone number.'),
    username: name(64, '3 to 20 letters, digits and underscores, at least one letter.'),
    display_name: name(160, 'What others see.'),
    role: t.Optional(role),
    plan: t.Optional(plan),
    locale: t.Optional(
      t.Union([t.Literal('zh'), t.Literal('en')], { description: 'Language of mails to this person.' }),
    ),
    delivery: t.Union([t.Literal('mail'), t.Literal('link')], {
      description:
        'How the owner gets the link that sets the first password: by mail, or, only where none can be sent to him (no address, or no mail server), from you, as the answer holds it this once.',
    }),
  },
  {
    description:
      'One of `email`, `phone` and `username` at least. No password: only its owner ever knows it.',
  },
)

export const userChangesBody = t.Object(
  { role: t.Optional(role), plan: t.Optional(plan) },
  { description: 'What is absent stays as it is.' },
)

export const banBody = t.Optional(
  t.Nullable(
    t.Object({
      reason: t.Optional(
        t.Nullable(t.String({ maxLength: 500, description: 'For the audit log; the person is not told.' })),
      ),
    }),
  ),
)

export const personView = t.Object(
  {
    id: t.String({ description: 'Of the person.' }),
    email: t.Nullable(t.String({ description: 'E-mail address.' })),
    phone: t.Nullable(t.String({ description: 'Phone number.' })),
    username: t.Nullable(t.String({ description: 'User name.' })),
    display_name: t.Nullable(t.String({ description: 'What others see.' })),
    role,
    plan,
    status: t.Union([t.Literal('active'), t.Literal('banned')], {
      description: 'Nobody who is banned is let in by anything.',
    }),
    has_password: t.Boolean({ description: 'False: the link that sets the first one was not used yet.' }),
    sessions: t.Integer({ description: 'Log-ins that live.' }),
    last_login_at: t.Nullable(moment('null: never, or before this was written down.')),
    last_seen_at: t.Nullable(moment('To the minute; null: never.')),
    created_at: moment('When the account was made.'),
  },
  { title: 'Person' },
)

export const peopleView = t.Object({
  items: t.Array(personView, {
    description: 'In the order that was asked for; the newest accounts first without one.',
  }),
  next_cursor: nextCursor,
})

export const newUserView = t.Object({
  user: personView,
  password_link: t.Nullable(
    t.String({
      description: 'Sets the first password, once, within 24 hours; shown this once. null: it was mailed.',
    }),
  ),
})
