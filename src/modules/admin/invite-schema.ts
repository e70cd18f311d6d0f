import { t } from 'elysia'
import { id, moment, nextCursor, order, page, search } from '../../http/schema-fields.ts'

/** Of what is handed out to be used so many times. */
export const handedOutQuery = {
  ...page,
  search: search('Part of its note, or of its last four characters.'),
  order: order('desc'),
}

export const invitesQuery = t.Object({
  ...handedOutQuery,
  state: t.Optional(
    t.Union([t.Literal('open'), t.Literal('used_up'), t.Literal('expired')], {
      description:
        'Only those that are; what is used up as well as expired is `used_up`. Withdrawn ones are gone.',
    }),
  ),
  sort: t.Optional(
    t.Union([t.Literal('created'), t.Literal('note'), t.Literal('uses')], {
      description: 'By what; `created` without it. A cursor is good for the order that it came with.',
    }),
  ),
})

export const newInviteBody = t.Object({
  note: t.Optional(
    t.Nullable(t.String({ maxLength: 500, description: 'For whom or what it is: for you, in one line.' })),
  ),
  max_uses: t.Optional(
    t.Number({
      minimum: 1,
      maximum: 100_000,
      multipleOf: 1,
      description: 'How many may register with it; 1 without it.',
    }),
  ),
  expires_at: t.Optional(
    t.Nullable(t.String({ maxLength: 50, description: 'A moment of RFC 3339; null: never.' })),
  ),
})

export const inviteView = t.Object(
  {
    id: id('Of the invitation.'),
    hint: t.String({ description: 'The last four characters of its code.' }),
    note: t.Nullable(t.String({ description: 'For whom or what it is.' })),
    max_uses: t.Integer({ description: 'How many may register with it.' }),
    uses: t.Integer({ description: 'How many have.' }),
    expires_at: t.Nullable(moment('From then on it is good for nobody; null: never.')),
    created_at: moment('When it was made.'),
  },
  { title: 'Invitation' },
)

export const newInviteView = t.Composite([
  inviteView,
  t.Object({
    code: t.String({ description: 'To be handed on, and sent as `invite_code`. It is shown this once.' }),
  }),
])

export const invitesView = t.Object({
  items: t.Array(inviteView, {
    description:
      'In the order that was asked for, the newest first without one; used up and expired ones too.',
  }),
  next_cursor: nextCursor,
})
