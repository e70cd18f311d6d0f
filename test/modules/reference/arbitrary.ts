import fc from 'fast-check'
import { type Reference, resolved, type Schema } from './reference.ts'

/** Whatever a schema allows. */
export function arbitraryOf(given: Schema, reference: Reference): fc.Arbitrary<unknown> {
  const schema = resolved(given, reference)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => arbitraryOf(one, reference)))
  const types = [schema.type ?? 'anything'].flat()
  return fc.oneof(...types.map((type) => ofType(type, schema, reference)))
}

function ofType(type: string, schema: Schema, reference: Reference): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return wholeNumber(schema)
    case 'number':
      return schema.multipleOf === 1 ? wholeNumber(schema) : someNumber(schema)
    case 'string':
      return text(schema)
    case 'array': {
      const { minItems: minLength = 0, maxItems = 3 } = schema
      return fc.array(arbitraryOf(schema.items ?? {}, reference), {
        minLength,
        maxLength: Math.min(maxItems, 3),
      })
    }
    case 'object':
      return object(schema, reference)
    default:
      return fc.jsonValue()
  }
}

function wholeNumber({ minimum = -1000, maximum = 1_000_000 }: Schema) {
  return fc.integer({ min: minimum, max: maximum })
}

function someNumber({ minimum: min = 0, maximum: max = 1000 }: Schema) {
  return fc.double({ min, max, noNaN: true })
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 40) })
}

function object({ properties = {}, required = [] }: Schema, reference: Reference) {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema, reference)]),
  )
  return fc.record(fields, { requiredKeys: required })
}
