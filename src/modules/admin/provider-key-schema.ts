import { t } from 'elysia'
import { id, moment, nextCursor, noCursor, order, pageIfWanted, search } from '../../http/schema-fields.ts'

const name = t.String({ minLength: 1, maxLength: 100, description: 'What you call it.' })
const baseUrl = t.Nullable(
  t.String({ maxLength: 500, description: 'Where it is asked; null: where this provider is known to be.' }),
)
const key = t.String({
  minLength: 8,
  maxLength: 500,
  description: 'The key itself: stored encrypted, and shown by its last four characters from then on.',
})

export const keysQuery = t.Object({
  ...pageIfWanted,
  search: search('Part of its name, its address or its last four characters.'),
  provider: t.Optional(t.String({ maxLength: 50, description: 'Only its keys.' })),
  status: t.Optional(
    t.Union([t.Literal('in_use'), t.Literal('resting'), t.Literal('disabled'), t.Literal('unreadable')], {
      description:
        'Only those that are; `resting`: refused or limited lately, as far as this instance knows; `unreadable`: encrypted with another SECRET_KEY.',
    }),
  ),
  sort: t.Optional(
    t.Union(
      [
        t.Literal('created'),
        t.Literal('updated'),
        t.Literal('name'),
        t.Literal('provider'),
        t.Literal('status'),
      ],
      { description: 'By what; `created` without it.' },
    ),
  ),
  order: order('asc'),
})

export const newKeyBody = t.Object({
  provider: t.String({
    minLength: 1,
    maxLength: 50,
    description: 'One of those that `/admin/providers` lists, or a new name with a `base_url`.',
  }),
  name: t.Optional(name),
  base_url: t.Optional(baseUrl),
  key: t.Optional(t.Nullable(key, { description: 'null: this server wants none.' })),
})

export const keyChangesBody = t.Object(
  {
    name: t.Optional(name),
    base_url: t.Optional(baseUrl),
    key: t.Optional(key),
    enabled: t.Optional(t.Boolean({ description: 'False: it rests until it is enabled again.' })),
  },
  { description: 'What is absent stays as it is. Another `base_url` needs the `key` once more.' },
)

export const keyView = t.Object(
  {
    id: id('Of this key.'),
    provider: t.String({ description: 'Whose key it is.' }),
    name: t.String({ description: 'What you call it.' }),
    base_url: baseUrl,
    last_four: t.Nullable(
      t.String({ description: 'Its last four characters; null: this server wants no key.' }),
    ),
    enabled: t.Boolean({ description: 'It is used.' }),
    readable: t.Boolean({
      description: 'False: it was encrypted with another SECRET_KEY, and has to be entered again.',
    }),
    rests_for_seconds: t.Integer({
      description:
        'It was refused or limited, and is asked again after so long, as far as this instance knows; 0: now.',
    }),
    created_at: moment('When it was entered.'),
    updated_at: moment('When it was last changed.'),
  },
  { title: 'ProviderKey' },
)

export const keysView = t.Object({
  items: t.Array(keyView, {
    description: 'In the order that was asked for; the oldest first without one.',
  }),
  next_cursor: nextCursor,
})

export const keyCheckView = t.Object({
  ok: t.Boolean({ description: 'The provider has let it in.' }),
  models: t.Nullable(t.Array(t.String(), { description: 'What it lists.' }), {
    description: 'null: it does not list its models, or has refused.',
  }),
  code: t.Nullable(t.String({ description: 'What went wrong, in the words of the list of errors.' })),
  status: t.Nullable(t.Integer({ description: 'The HTTP status of the refusal, if there was one.' })),
  reason: t.Nullable(
    t.String({ description: 'The same in our own words. What the provider said is in the log.' }),
  ),
})

export const providersView = t.Object({
  items: t.Array(
    t.Object({
      name: t.String({ description: 'As in `provider/model`.' }),
      base_url: t.Nullable(
        t.String({ description: 'Where it is asked without another word; null: not known.' }),
      ),
      needs_key: t.Boolean({ description: 'It wants a key.' }),
      accesses: t.Array(
        t.Object({
          id: t.String({ description: 'Of a key that was entered here, or `settings-1` and so on.' }),
          base_url: t.String({ description: 'Where it is asked.' }),
          rests_for_seconds: t.Integer({ description: 'As with a key.' }),
        }),
        { description: 'By what it can be asked now, keys of the settings among them; empty: it cannot.' },
      ),
    }),
    { description: 'In the order of preference, then those that a key can be entered for.' },
  ),
  next_cursor: noCursor,
})
