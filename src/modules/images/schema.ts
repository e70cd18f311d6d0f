import { t } from 'elysia'
import { id, moment, nextCursor, noCursor, page } from '../../http/schema-fields.ts'

export const imageBody = t.Object({
  prompt: t.String({
    minLength: 1,
    maxLength: 4000,
    pattern: '\\S',
    description: 'What is to be seen: 1 to 4,000 characters.',
  }),
  model: t.Optional(
    t.Nullable(
      t.String({
        maxLength: 300,
        description: 'One of GET /image-models; without it the first of them that the plan includes.',
      }),
    ),
  ),
  size: t.Optional(
    t.Nullable(
      t.String({
        pattern: '^[1-9]\\d{1,3}x[1-9]\\d{1,3}$',
        description: 'Width and height in pixels, such as `1024x1024`, as far as the model can.',
      }),
    ),
  ),
  n: t.Optional(
    t.Nullable(
      t.Number({ minimum: 1, maximum: 4, multipleOf: 1, description: 'So many pictures; one without it.' }),
    ),
  ),
})

export const imageView = t.Object(
  {
    id: id('Of the picture.'),
    url: t.String({ description: 'Where the picture itself is, for its owner.' }),
    prompt: t.String({ description: 'What was asked for.' }),
    model: t.String({ description: 'Id of the model that has drawn it.' }),
    size: t.Nullable(t.String({ description: 'As it was asked for; null: as the model liked.' })),
    content_type: t.String({ description: 'Its media type.' }),
    bytes: t.Number({ description: 'Its size.' }),
    created_at: moment('When it was drawn.'),
  },
  { title: 'Image', description: 'A picture that a model has drawn.' },
)

export const drawnView = t.Object(
  {
    items: t.Array(imageView, { description: 'As many as were asked for; a provider may draw fewer.' }),
  },
  { description: 'What was drawn.' },
)

export const imagesQuery = t.Object(page)

export const imagesView = t.Object({
  items: t.Array(imageView, { description: 'Newest first.' }),
  next_cursor: nextCursor,
})

const imageModelView = t.Object(
  {
    id: t.String({
      description: 'As it is asked for: `provider/model`, or what the operator calls it.',
    }),
    provider: t.String({ description: 'Who serves it.' }),
    name: t.String({ description: 'As it is shown.' }),
    prices: t.Nullable(
      t.Object({
        currency: t.String({ description: 'Three letters of ISO 4217.' }),
        picture: t.Integer({ minimum: 0, description: 'Millionths of the currency, for each picture.' }),
      }),
      { description: 'null: no price of a picture is known.' },
    ),
    available: t.Boolean({ description: 'Whether the plan of whoever asks includes it.' }),
    default: t.Boolean({ description: 'Draws where no model is named.' }),
  },
  { title: 'ImageModel' },
)

export const imageModelsView = t.Object({
  items: t.Array(imageModelView, { description: 'Empty: no model that draws is configured.' }),
  next_cursor: noCursor,
})
