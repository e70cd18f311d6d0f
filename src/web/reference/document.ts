import { signal } from '@preact/signals'

/** What this page reads of an OpenAPI document. */
export interface Reference {
  info: { title: string; version: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, Answer>
  'x-client-frames'?: Schema
  'x-server-frames'?: Schema
}

export interface Parameter {
  name: string
  in: string
  required: boolean
  description: string
  schema: Schema
}

export interface Answer {
  description: string
  headers?: Record<string, { description?: string; $ref?: string }>
  content?: Record<string, { schema: Schema; 'x-events'?: Schema; example?: unknown }>
}

export interface Schema {
  $ref?: string
  title?: string
  type?: string | string[]
  format?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
}

/** An operation with where it is. */
export interface Placed extends Operation {
  method: string
  path: string
}

/** null: not read yet. */
export const reference = signal<Reference | null>(null)
export const isUnreadable = signal(false)

const address = 'api/v1/openapi.json'

/** Beside this page; where a prefix stands before the page alone, at the root. */
export async function readReference(): Promise<void> {
  for (const place of [address, `/${address}`]) {
    const response = await fetch(place).catch(() => null)
    if (!response?.ok) continue
    reference.value = await response.json()
    return
  }
  isUnreadable.value = true
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

export function operationsOf({ paths }: Reference): Placed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [{ ...operation, method: method.toUpperCase(), path }]
    }),
  )
}

/** Those that have all of the words. */
export function find(operations: Placed[], wanted: string): Placed[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return operations
  return operations.filter((operation) => {
    const text = textOf(operation)
    return words.every((word) => text.includes(word))
  })
}

function textOf({
  method,
  path,
  operationId,
  summary,
  description,
  parameters,
  requestBody,
}: Placed): string {
  const fields = Object.keys(requestBody?.content['application/json']?.schema.properties ?? {})
  const names = parameters?.map(({ name }) => name) ?? []
  return [method, path, operationId, summary, description, ...names, ...fields].join(' ').toLowerCase()
}

/** The named schema that is meant, with its name; null: it has none. */
export function named({ $ref }: Schema): { name: string; schema: Schema } | null {
  const name = $ref?.split('/').pop()
  const schema = name === undefined ? undefined : reference.value?.components.schemas[name]
  return name === undefined || schema === undefined ? null : { name, schema }
}
