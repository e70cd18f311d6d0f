import { t } from 'elysia'
import { noCursor } from '../../http/schema-fields.ts'

const price = t.Integer({
  minimum: 0,
  description: 'Millionths of the currency, for a million tokens.',
})

export const pricesView = t.Object(
  {
    currency: t.String({ description: 'Three letters of ISO 4217.' }),
    input: price,
    cached_input: t.Nullable(price),
    output: price,
    reasoning: t.Nullable(price),
  },
  {
    title: 'Prices',
    description:
      'A call costs the sum, rounded up once to a whole millionth. What has no price of its own costs as much as the rest of the input or output.',
  },
)

const known = (what: string) => t.Nullable(t.Boolean({ description: `${what}; null where nobody has said.` }))

export const capabilitiesView = t.Object(
  {
    vision: known('It takes images'),
    reasoning: known('It thinks before it answers'),
    tools: known('It can call tools'),
  },
  { title: 'Capabilities' },
)

const modelView = t.Object(
  {
    id: t.String({
      description: 'What to send as `model`: `provider/model`, or what the operator calls it.',
    }),
    provider: t.String({ description: 'Who serves it.' }),
    name: t.String({ description: 'As it is shown.' }),
    context_window: t.Integer({ description: 'Tokens, question and answer together.' }),
    max_output_tokens: t.Integer({ description: 'The most that `max_tokens` may be.' }),
    prices: t.Nullable(pricesView, { description: 'null: nothing is charged for it.' }),
    capabilities: capabilitiesView,
    available: t.Boolean({ description: 'Whether the plan of whoever asks includes it.' }),
    default: t.Boolean({ description: 'Answers where no model is named.' }),
  },
  { title: 'Model' },
)

export const modelsView = t.Object({
  items: t.Array(modelView, { description: 'The default first, where nobody’s plan is in its way.' }),
  next_cursor: noCursor,
})
