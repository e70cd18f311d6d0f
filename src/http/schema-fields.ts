import { t } from 'elysia'

/** Fields that many schemas have. */

/** An id, and of what. */
export const id = (description: string) => t.String({ format: 'uuid', description })

/** A moment in an answer, and what was then. */
export const moment = (description: string) => t.String({ format: 'date-time', description })

/** Which page of a list is wanted. */
export const page = {
  cursor: t.Optional(t.String({ maxLength: 500, description: '`next_cursor` of the page before.' })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, description: 'So many at most; 30 without it.' })),
}

/** The same of a list that is whole where nobody asks for a page. */
export const pageIfWanted = {
  ...page,
  limit: t.Optional(
    t.Integer({ minimum: 1, maximum: 100, description: 'So many at most; all there are without it.' }),
  ),
}

/** In which direction a list is sorted; `usual`: where nothing is said. */
export const order = (usual: 'asc' | 'desc') =>
  t.Optional(
    t.Union([t.Literal('asc'), t.Literal('desc')], {
      description:
        usual === 'desc'
          ? '`desc`, the newest or the most first, without it.'
          : '`asc`, the oldest or the least first, without it.',
    }),
  )

/** What stands in it, in whatever case. */
export const search = (description: string) => t.Optional(t.String({ maxLength: 100, description }))

/** Yes or no in a query. */
export const flag = (description: string) =>
  t.Optional(t.Union([t.Literal('true'), t.Literal('false')], { description }))

/** Of a page of a list. */
export const nextCursor = t.Nullable(
  t.String({ description: 'Send it as `cursor` for the next page; null: there is none.' }),
)

/** Of a list that is always whole. */
export const noCursor = t.Null({ description: 'There is only this page.' })
