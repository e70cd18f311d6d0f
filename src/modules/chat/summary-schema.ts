import { t } from 'elysia'
import { id, moment, noCursor } from '../../http/schema-fields.ts'

export const summaryView = t.Object(
  {
    through_message_id: id('The last message that it stands for.'),
    text: t.String({ description: 'As the model reads it.' }),
    message_count: t.Integer({ description: 'Of messages that it stands for.' }),
    tokens: t.Integer({ description: 'About so many of the model are its text.' }),
    model: t.String({ description: '`provider/model` that wrote it.' }),
    created_at: moment('When it was made, or made anew.'),
  },
  { title: 'Summary' },
)

export const summariesView = t.Object({
  items: t.Array(summaryView, { description: 'Those of the branch that is shown, oldest first.' }),
  next_cursor: noCursor,
})

export const summaryComingView = t.Object({}, { description: 'It takes longer; it will be in the list.' })
