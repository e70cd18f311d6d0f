/** The document as tests read it. */
export interface Reference {
  openapi: string
  info: { version: string }
  paths: Record<string, PathItem>
  components: { schemas: Record<string, Schema> }
}

export type PathItem = Record<string, Described>

export interface Described {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Record<string, string[]>[]
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema }[]
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, DescribedAnswer>
}

export interface DescribedAnswer {
  description: string
  content?: Record<string, { schema: Schema; 'x-events'?: Schema }>
  'x-codes'?: string[]
}

export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: boolean | Schema
  minimum?: number
  maximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  format?: string
  description?: string
}

/** An operation and where it is. */
export interface Operation extends Described {
  method: string
  path: string
}

export async function fetchReference(url: string): Promise<Reference> {
  const response = await fetch(`${url}/api/v1/openapi.json`)
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as Reference
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

export function operationsOf({ paths }: Reference): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const described = item[method]
      return described === undefined ? [] : [{ ...described, path, method: method.toUpperCase() }]
    }),
  )
}

/** What a reference stands for; everything else is itself. */
export function resolved(schema: Schema, { components }: Reference): Schema {
  const name = schema.$ref?.split('/').pop()
  if (name === undefined) return schema
  const found = components.schemas[name]
  if (found === undefined) throw new Error(`there is no ${schema.$ref}`)
  return found
}
