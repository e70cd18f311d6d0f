import { t } from 'elysia'
import { id, moment, nextCursor, order, pageIfWanted, search } from '../../http/schema-fields.ts'
import { capabilitiesView } from '../models/schema.ts'

/** Its bounds are the use case's affair: where a schema is one of two, nobody would be told which field is wrong. */
const price = (what: string) =>
  t.Number({
    description: `Of ${what}: a whole number of millionths of the currency for a million tokens, 0 to 1,000,000,000,000.`,
  })

const prices = t.Nullable(
  t.Object(
    {
      input: price('the question'),
      cached_input: t.Nullable(price('what the provider had read before; null: as the rest of the question')),
      output: price('the answer'),
      reasoning: t.Nullable(price('what is thought before it; null: as the answer')),
    },
    { description: 'null: nothing is known, and nothing is charged.' },
  ),
)

const tokens = (least: number, description: string) =>
  t.Nullable(t.Number({ minimum: least, maximum: 100_000_000, multipleOf: 1, description }))

const fields = {
  model_id: t.String({
    minLength: 1,
    maxLength: 200,
    description: 'What clients send as `model`; `provider/upstream` unless another is given.',
  }),
  name: t.String({ minLength: 1, maxLength: 100, description: 'As people see it.' }),
  enabled: t.Boolean({ description: 'False: nobody may use it, also where the settings name it.' }),
  position: t.Number({
    minimum: -1_000_000,
    maximum: 1_000_000,
    multipleOf: 1,
    description: 'In which order they are shown, the smallest first.',
  }),
  context_window: tokens(1024, 'Tokens, question and answer together; null: what is known of such a name.'),
  max_output_tokens: tokens(1, 'The longest answer in tokens; null: what is known of such a name.'),
  prices,
  picture_price: t.Nullable(
    t.Number({
      description:
        'Of one picture, in millionths of the currency: a whole number, 0 to 1,000,000,000,000. Tokens that a picture is counted as cost nothing beside it. null: no price of pictures is known. With one it is among the models that draw.',
    }),
  ),
  draws: t.Boolean({
    description:
      'It draws and does nothing else: nobody can choose it for words. Unless given: whether IMAGE_MODELS names it.',
  }),
  capabilities: capabilitiesView,
  plans: t.Nullable(
    t.Array(t.String({ maxLength: 32 }), {
      maxItems: 100,
      description: 'Whose plans include it; null: everybody’s.',
    }),
  ),
  fallbacks: t.Array(t.String({ maxLength: 200 }), {
    maxItems: 10,
    description: 'Ids of models that are asked, in this order, when it fails before its first word.',
  }),
}

const place = {
  provider: t.String({
    minLength: 1,
    maxLength: 50,
    description: 'Who serves it: `deepseek`, `qwen`, `ollama` …',
  }),
  upstream: t.String({ minLength: 1, maxLength: 200, description: 'What the provider calls it.' }),
}

export const storedModelsQuery = t.Object({
  ...pageIfWanted,
  search: search('Part of its name, its id, or what the provider calls it.'),
  provider: t.Optional(t.String({ maxLength: 50, description: 'Only those that it serves.' })),
  status: t.Optional(
    t.Union([t.Literal('in_use'), t.Literal('unusable'), t.Literal('disabled')], {
      description: 'Only those that are; `unusable`: enabled, but its provider cannot be asked.',
    }),
  ),
  sort: t.Optional(
    t.Union(
      [
        t.Literal('position'),
        t.Literal('name'),
        t.Literal('provider'),
        t.Literal('context_window'),
        t.Literal('price'),
        t.Literal('status'),
      ],
      {
        description:
          'By what; `position`, in which they are shown, without it. `price`: of as many tokens in as out. What is not known is the least.',
      },
    ),
  ),
  order: order('asc'),
})

export const newModelBody = t.Composite([t.Object(place), t.Partial(t.Object(fields))])

export const modelChangesBody = t.Partial(t.Object({ ...place, ...fields }), {
  description: 'What is absent stays as it is.',
})

export const storedModelView = t.Object(
  {
    id: id('Of this entry.'),
    ...place,
    ...fields,
    usable: t.Boolean({ description: 'It can be chosen: it is enabled, and its provider can be asked.' }),
    created_at: moment('When it was entered.'),
    updated_at: moment('When it was last changed.'),
  },
  { title: 'ModelEntry' },
)

export const storedModelsView = t.Object({
  items: t.Array(storedModelView, {
    description: 'In the order that was asked for; in which they are shown without one.',
  }),
  next_cursor: nextCursor,
})
