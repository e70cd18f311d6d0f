import type { ErrorCode } from '../errors.ts'

/**
 * How a route gets into the reference (GET /api/v1/openapi.json), where none may be missing. Beside its `routes.ts` a
 * module has an `operations.ts`:
 *
 *   export const operations = describeOperations({ name: 'Tags', description: 'A person’s own words …' }, {
 *     createTag: {
 *       summary: 'Create a tag',
 *       description: 'What it does, and what one would not guess.',
 *       codes: ['conflict'],
 *     },
 *   })
 *
 * and the route says which it is: `{ auth: 'user', body: tagBody, response: { 201: tagView }, detail: operations.createTag }`.
 * `codes` are those of the use case alone: what all routes with `auth`, a body or a query refuse is added by itself.
 * Body, query, headers and answer are the route's own schemas, in which each field has a `description` (what it means,
 * in which unit). A view used in more than one place gets a `title` and becomes a schema of that name. A route without
 * `response` answers 204; whatever answers otherwise (a stream, bytes) says so in `answers`. A route that is no part of
 * any API (a page) has `detail: { hide: true }`. The tests in test/modules/reference call every operation with good and
 * bad requests and say what is missing; `requests.ts` there is where a new kind of id is made, or a body that has to
 * make sense, and `not-seen.ts` where what they cannot bring about is explained.
 */
export function describeOperations<Name extends string>(
  tag: Tag,
  table: Record<Name, Operation>,
): Record<Name, OperationDetail> {
  const details = {} as Record<Name, OperationDetail>
  for (const operationId in table) {
    const { summary, description, ...more } = table[operationId]
    details[operationId] = { operationId, tags: [tag.name], summary, description, 'x-more': { tag, ...more } }
  }
  return details
}

/** A chapter of the reference. */
export interface Tag {
  name: string
  description: string
}

export interface Operation {
  /** One line, no full stop. */
  summary: string
  /** Markdown. */
  description: string
  /** What the use case refuses with. */
  codes?: readonly ErrorCode[]
  /** By status: answers that the route's `response` does not describe. */
  answers?: Record<number, Answer>
  /** Of what stands in the path, by name. Of ids that follow what they are of there is no need. */
  params?: Record<string, string>
  /** Of a route that reads it by itself. */
  body?: JsonSchema
  /** Of an error that is told by its text: all that there are, by code. */
  texts?: Partial<Record<ErrorCode, readonly string[]>>
  /** What goes to and fro over a WebSocket. */
  frames?: { client: JsonSchema; server: JsonSchema }
  /** It can be used by whoever is logged in, and by others. */
  mayLogIn?: boolean
  /** It takes an API key or an access token, and looks at them by itself. */
  needsKey?: boolean
}

export interface Answer {
  description: string
  /** By media type; nothing: no body. */
  content?: Record<string, Content>
  /** By name. */
  headers?: Record<string, string>
}

export interface Content {
  schema: JsonSchema
  /** Of a stream: what each event of it is. */
  events?: JsonSchema
  example?: unknown
}

/** A TypeBox schema is one. */
export type JsonSchema = object

/** What a route keeps of it, in `detail`. */
export interface OperationDetail {
  operationId: string
  tags: string[]
  summary: string
  description: string
  'x-more': Omit<Operation, 'summary' | 'description'> & { tag: Tag }
}
