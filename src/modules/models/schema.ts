import { t } from 'elysia'

const modelView = t.Object({
  id: t.String({ description: '`provider/model`: what to send as `model`.' }),
  provider: t.String(),
  name: t.String(),
  context_window: t.Integer({ description: 'Tokens, question and answer together.' }),
  max_output_tokens: t.Integer({ description: 'The most that `max_tokens` may be.' }),
  default: t.Boolean({ description: 'Answers where no model is named.' }),
})

export const modelsView = t.Object({ items: t.Array(modelView), next_cursor: t.Null() })
