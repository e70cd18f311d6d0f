import { t } from 'elysia'
import { noCursor } from '../../http/schema-fields.ts'

const modelView = t.Object({
  id: t.String({ description: '`provider/model`: what to send as `model`.' }),
  provider: t.String({ description: 'Who runs it, as the settings call them.' }),
  name: t.String({ description: 'What the provider calls it.' }),
  context_window: t.Integer({ description: 'Tokens, question and answer together.' }),
  max_output_tokens: t.Integer({ description: 'The most that `max_tokens` may be.' }),
  default: t.Boolean({ description: 'Answers where no model is named.' }),
})

export const modelsView = t.Object({
  items: t.Array(modelView, { description: 'The default one first.' }),
  next_cursor: noCursor,
})
