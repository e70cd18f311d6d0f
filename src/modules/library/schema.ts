import { t } from 'elysia'

const format = t.Optional(
  t.Union([t.Literal('json'), t.Literal('markdown')], {
    description:
      '`json` holds everything and can be imported again; `markdown` is for reading. `json` without it.',
  }),
)

export const exportQuery = t.Object({ format })

export const exportsQuery = t.Object({
  format,
  ids: t.Optional(
    t.String({
      maxLength: 4000,
      description: 'Of up to 100 conversations, separated by commas; without it all but the temporary ones.',
    }),
  ),
  archived: t.Optional(
    t.Union([t.Literal('true'), t.Literal('false')], {
      description: 'Only those in the archive, or only the others; without it both. Not together with `ids`.',
    }),
  ),
})

const flag = (description: string) =>
  t.Optional(t.Union([t.Literal('true'), t.Literal('false')], { description }))

export const importQuery = t.Object({
  dry_run: flag('Nothing is written: the report says what would come of it.'),
  changed: t.Optional(
    t.Union([t.Literal('skip'), t.Literal('copy')], {
      description:
        'What is done with a conversation that was imported before and has changed since: left out, or imported as one more. `skip` without it.',
    }),
  ),
})

const count = (description: string) => t.Integer({ minimum: 0, description })

const conversations = t.Object(
  {
    imported: count('That are new; in a trial run, that would be.'),
    duplicates: count('That were here already.'),
    changed: count('That were imported before, have changed since and were left out.'),
    skipped: count('That could not be imported.'),
  },
  { description: 'How many conversations there were, by what has come of them.' },
)

const messages = t.Object(
  { imported: count('Of new conversations.'), skipped: count('That were left out of these.') },
  { description: 'How many messages there were.' },
)

const problem = t.Object({
  index: count('Place of the conversation in the file, from 0 on.'),
  title: t.Nullable(t.String({ description: 'Its title.' })),
  code: t.String({ description: 'What it is about.', examples: ['images', 'tools', 'too_large'] }),
  count: count('How often it was met in this conversation.'),
  message: t.String({ description: 'What was left out, and why.' }),
})

export const importView = t.Object(
  {
    format: t.Nullable(
      t.Union([t.Literal('cloudchat'), t.Literal('chatgpt'), t.Literal('claude')], {
        description: 'Whose export it is; null: there was no conversation in it.',
      }),
    ),
    dry_run: t.Boolean({ description: 'Nothing was written.' }),
    conversations,
    messages,
    problems: t.Array(problem, { description: 'What was left out or changed: the first 200.' }),
    problem_count: count('How many there are in all.'),
  },
  { title: 'ImportReport', description: 'What has come of an import.' },
)

export const importEvent = t.Union([
  t.Object({
    event: t.Literal('progress', { description: 'What has happened.' }),
    data: t.Object({ conversations, messages }, { description: 'So far.' }),
  }),
  t.Object({
    event: t.Literal('report', { description: 'What has happened.' }),
    data: importView,
  }),
  t.Object({
    event: t.Literal('error', { description: 'What has happened.' }),
    data: t.Unsafe<object>({ $ref: '#/components/schemas/Problem' }),
  }),
])
