import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import {
  type DescribedAnswer,
  type Operation,
  operationsOf,
  type Reference,
  type Schema,
} from './reference.ts'

/** An answer as it came. */
export interface Answer {
  status: number
  headers: Headers
  text: string
}

/** Checks answers, and keeps in mind what was seen. */
export interface Answers {
  /** What of an answer is not as the reference says; nothing: all is. */
  faultsOf(operation: Operation, answer: Answer): string[]
  /** One event of a stream, or one frame of a socket: against a schema of that name. */
  faultsOfNamed(schema: string, value: unknown): string[]
  /** `operation status` and `operation code`. */
  seen: Set<string>
}

/** A field that the reference does not name is a fault too. */
export function createAnswers(reference: Reference): Answers {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true })
  ajv.addFormat('binary', true)
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  for (const [name, schema] of Object.entries(reference.components.schemas)) {
    ajv.addSchema({ ...closed(schema), $id: idOf(name) })
  }
  const known = new Map<Schema, ValidateFunction>()
  const seen = new Set<string>()

  function faultsOf({ operationId, responses }: Operation, answer: Answer): string[] {
    const { status, headers, text } = answer
    const described = responses[status]
    if (described === undefined) return [`status ${status} is not described: ${text.slice(0, 300)}`]
    seen.add(`${operationId} ${status}`)
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
    const { content } = described
    if (content === undefined) return text === '' ? [] : [`${status} has a body: ${text.slice(0, 300)}`]
    const expected = content[type]
    if (expected === undefined)
      return [`${status} is of type "${type}", described are ${Object.keys(content)}`]
    const events = expected['x-events']
    if (events !== undefined) return eventsOf(type, text).flatMap((event) => check(events, event))
    const value = type.endsWith('json') ? JSON.parse(text) : text
    if (described['x-codes'] !== undefined)
      for (const code of codesOf(described, value)) seen.add(`${operationId} ${code}`)
    return check(expected.schema, value)
  }

  function check(schema: Schema, value: unknown): string[] {
    const validate = known.get(schema) ?? ajv.compile(closed(schema))
    known.set(schema, validate)
    if (validate(value)) return []
    const faults = validate.errors?.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
    return [`${faults?.slice(0, 4).join('; ')} in ${JSON.stringify(value).slice(0, 400)}`]
  }

  return {
    faultsOf,
    faultsOfNamed: (name, value) => check({ $ref: `#/components/schemas/${name}` }, value),
    seen,
  }
}

/** Where errors are told by their text, it is not told which of a status' codes it was. */
function codesOf({ 'x-codes': codes = [] }: DescribedAnswer, value: { code?: string }): string[] {
  return value.code === undefined ? codes : [value.code]
}

/** Each event of a stream as an object; those of a stream that was left in the middle are whole all the same. */
function eventsOf(type: string, text: string): unknown[] {
  if (type !== 'text/event-stream') {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line))
  }
  return text
    .split('\n\n')
    .filter((block) => /^data:/m.test(block) && !block.includes('data: [DONE]'))
    .map((block) => {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)))
      return {
        ...(fields.id === undefined ? {} : { id: Number(fields.id) }),
        event: fields.event,
        data: JSON.parse(fields.data ?? ''),
      }
    })
}

/** With no room for fields that are not named, and with names for references. */
function closed(schema: Schema): object {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if (key === '$ref') return idOf(String(value).split('/').pop() ?? '')
    const isOpen = [value?.type].flat().includes('object') && value.properties !== undefined
    return isOpen && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value
  })
}

function idOf(name: string): string {
  return `https://reference.test/${name}`
}

/** Statuses of success, and codes, that are described and were not seen. */
export function unseen(reference: Reference, seen: Set<string>): string[] {
  return operationsOf(reference).flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, { 'x-codes': codes }]) => {
      const expected = codes ?? (Number(status) < 400 ? [status] : [])
      return expected.map((one) => `${operationId} ${one}`).filter((one) => !seen.has(one))
    }),
  )
}
