import type { JsonSchema } from '../../lib/operation.ts'

type Node = Record<string, unknown>

/** The schemas that have a name of their own, by that name. */
export type NamedSchemas = Record<string, Node>

/**
 * A route's schema as JSON Schema says it to others: without what the framework keeps in it for itself (that a number
 * in a query arrives as text, say), a choice of texts as `enum`. What has a `title` goes to the named ones, and a
 * reference to it stays. Throws for two different schemas of one name.
 */
export function plainSchema(schema: JsonSchema, named: NamedSchemas): Node {
  // As text, once: what TypeBox needs of it is under symbols.
  return plain(JSON.parse(JSON.stringify(schema)), named)
}

function plain(given: Node, named: NamedSchemas): Node {
  const { nullable: _, ...node } = given
  // The framework writes this into the schemas of those routes that were asked already.
  if (node.additionalProperties === false) delete node.additionalProperties
  for (const key of ['items', 'not', 'additionalProperties']) {
    if (isNode(node[key])) node[key] = plain(node[key], named)
  }
  for (const key of ['properties', 'patternProperties']) {
    if (isNode(node[key])) node[key] = mapValues(node[key], (one) => plain(one, named))
  }
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const members = node[key]
    if (Array.isArray(members)) node[key] = members.filter(isNode).map((one) => plain(one, named))
  }
  return name(joinTypes(joinTexts(withoutText(node))), named)
}

/** In a query a number is text, and in a body the framework takes text for one; what is meant is a number. */
function withoutText(node: Node): Node {
  const members = membersOf(node)
  const meant = members.filter(({ type, format }) => type !== 'string' || !textFormats.has(String(format)))
  const [only] = meant
  if (only === undefined || meant.length === members.length) return node
  if (meant.length > 1) return { ...node, anyOf: meant }
  const { anyOf: _, ...rest } = node
  return { ...only, ...rest }
}

const textFormats = new Set(['integer', 'numeric', 'boolean', 'ObjectString', 'ArrayString'])

/** A choice of fixed texts. */
function joinTexts(node: Node): Node {
  const members = membersOf(node)
  const texts = members.filter((one) => typeof one.const === 'string' && one.description === undefined)
  if (texts.length < 2) return node
  const choice: Node = { type: 'string', enum: texts.map((one) => one.const) }
  const others = members.filter((one) => !texts.includes(one))
  const { anyOf: _, ...rest } = node
  return others.length === 0 ? { ...choice, ...rest } : { ...rest, anyOf: [choice, ...others] }
}

/** Something or null, in the shorter form. */
function joinTypes(node: Node): Node {
  const members = membersOf(node)
  const [first, second] = members
  if (members.length !== 2 || second?.type !== 'null' || typeof first?.type !== 'string') return node
  const { anyOf: _, ...rest } = node
  const choices = Array.isArray(first.enum) ? { enum: [...first.enum, null] } : {}
  return { ...first, ...choices, type: [first.type, 'null'], ...rest }
}

function name(node: Node, named: NamedSchemas): Node {
  const { title } = node
  if (typeof title !== 'string') return node
  const known = named[title]
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(node)) {
    throw new Error(`two schemas have the title ${title}`)
  }
  named[title] = node
  return { $ref: `#/components/schemas/${title}` }
}

function membersOf({ anyOf }: Node): Node[] {
  return Array.isArray(anyOf) ? anyOf.filter(isNode) : []
}

function mapValues(node: Node, map: (one: Node) => Node): Node {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, isNode(value) ? map(value) : value]),
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
