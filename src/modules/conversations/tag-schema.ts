import { t } from 'elysia'
import { id, noCursor } from '../../http/schema-fields.ts'

export const tagView = t.Object(
  { id: id('Of the tag.'), name: t.String({ description: 'As it was first written.' }) },
  { title: 'Tag', description: 'A word for conversations.' },
)

const tagName = t.String({
  maxLength: 200,
  description: '1 to 50 characters; capitals make no other name, and what looks like an id is none.',
})

export const newTagBody = t.Object({ name: tagName })

export const tagBody = t.Object({
  name: tagName,
  merge: t.Optional(
    t.Boolean({ description: 'When another tag has the name: what has this one gets that one instead.' }),
  ),
})

export const tagsBody = t.Object({
  tags: t.Array(t.String({ maxLength: 200 }), {
    maxItems: 50,
    description: 'Ids or names, these and no others; a name that is new becomes a tag.',
  }),
})

export const tagsQuery = t.Object({
  sort: t.Optional(
    t.Union([t.Literal('name'), t.Literal('last_used')], { description: '`name` without it.' }),
  ),
})

export const tagsView = t.Object({
  items: t.Array(
    t.Object({
      id: id('Of the tag.'),
      name: t.String({ description: 'As it was first written.' }),
      count: t.Integer({ description: 'Of its conversations, archived ones too, those in the bin not.' }),
      last_used_at: t.Nullable(
        t.String({ format: 'date-time', description: 'The last message of these conversations.' }),
      ),
    }),
    { description: 'As `sort` says.' },
  ),
  next_cursor: noCursor,
})

export const manyBody = t.Object({
  ids: t.Array(t.String({ maxLength: 100 }), {
    minItems: 1,
    maxItems: 100,
    description: 'Of conversations.',
  }),
  action: t.Union(
    [
      t.Literal('archive'),
      t.Literal('unarchive'),
      t.Literal('delete'),
      t.Literal('restore'),
      t.Literal('tag'),
      t.Literal('untag'),
    ],
    { description: 'What is to be done to each.' },
  ),
  tag: t.Optional(
    t.Nullable(
      t.String({ maxLength: 200, description: 'Id or name, for `tag` (where it may be new) and `untag`.' }),
    ),
  ),
})

export const manyView = t.Object({
  items: t.Array(
    t.Object({
      id: t.String({ description: 'As it was sent.' }),
      status: t.Union([t.Literal('ok'), t.Literal('not_found')], { description: 'Of this one.' }),
    }),
    { description: 'Each id once, in the order given.' },
  ),
})
