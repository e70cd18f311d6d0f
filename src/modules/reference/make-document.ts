import { STATUS_CODES } from 'node:http'
import type { Content, JsonSchema, OperationDetail } from '../../lib/operation.ts'
import type { RouteAuth } from '../auth/guard.ts'
import { parts } from './parts.ts'
import { type ErrorShape, refusalsOf } from './refusals.ts'
import { type NamedSchemas, plainSchema } from './schema-as-json.ts'

/** A route as the framework knows it. */
export interface Route {
  method: string
  path: string
  hooks: {
    body?: JsonSchema
    query?: JsonSchema
    headers?: JsonSchema
    /** A schema, or one for each status. */
    response?: JsonSchema
    detail?: Partial<OperationDetail & RouteAuth> & { hide?: boolean }
  }
}

export interface About {
  title: string
  version: string
  /** Markdown. */
  description: string
  /** Where the service is found, without a trailing slash. */
  url: string
  cookieName: string
  shapeOf: (path: string) => ErrorShape
}

type Node = Record<string, unknown>

/** The OpenAPI 3.1 document of all routes that are described (see lib/operation.ts). */
export function makeDocument(routes: readonly Route[], about: About) {
  const { schemas: partSchemas, ...components } = parts(about.cookieName)
  const named: NamedSchemas = {}
  for (const schema of partSchemas) plainSchema(schema, named)
  const tags = new Map<string, Node>()
  const paths: Record<string, Node> = {}
  const homes = new Map<string, string>()
  for (const route of routes) {
    const { detail } = route.hooks
    if (detail?.hide) continue
    const { operationId, 'x-more': more } = detail ?? {}
    if (detail === undefined || operationId === undefined || more === undefined) continue
    const path = templateOf(route.path)
    const home = homes.get(operationId)
    if (home !== undefined) {
      paths[home] = { ...paths[home], servers: serversOf(path, home, about.url) }
      continue
    }
    homes.set(operationId, path)
    tags.set(more.tag.name, { ...more.tag })
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, detail, about, named) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: about.title,
      version: about.version,
      description: about.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.url, description: 'This service' }],
    tags: [...tags.values()],
    paths,
    components: { ...components, schemas: Object.fromEntries(Object.entries(named).sort(byName)) },
  }
}

/** What comes to the end of a path, slashes and all, is an id too. */
export function templateOf(path: string): string {
  return path.replace(/\*$/, ':id').replaceAll(/:(\w+)/g, '{$1}')
}

/** The same operation below a prefix is another address of it, and not another operation. */
function serversOf(path: string, home: string, url: string) {
  if (!path.endsWith(home)) throw new Error(`${path} and ${home} have one operationId`)
  const prefix = path.slice(0, -home.length)
  return [
    { url, description: 'This service' },
    { url: url + prefix, description: `The same below ${prefix}` },
  ]
}

function operationOf(
  route: Route,
  detail: Route['hooks']['detail'],
  about: About,
  named: NamedSchemas,
): Node {
  const { operationId, tags, summary, description, 'x-more': more } = detail ?? {}
  const scope = detail?.['x-scope'] ?? null
  const auth = detail?.['x-auth'] ?? (more?.needsKey ? 'key' : null)
  const method = route.method.toLowerCase()
  const parameters = parametersOf(route, more?.params ?? {}, named)
  const body = route.hooks.body ?? more?.body
  const shape = about.shapeOf(route.path)
  const refusals = refusalsOf(
    { method, shape, auth, hasScope: scope !== null, hasBody: body !== undefined },
    more ?? {},
  )
  return {
    operationId,
    tags,
    summary,
    description: scope === null ? description : `${description ?? ''} ${ofScope(scope)}`.trim(),
    security: [...securityOf(auth, more?.mayLogIn ?? false), ...(scope === null ? [] : [{ key: [] }])],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: bodyOf(body, named) }),
    responses: { ...answersOf(route, more?.answers ?? {}, named), ...refusals },
    ...framesOf(more?.frames, named),
  }
}

function framesOf(frames: OperationDetail['x-more']['frames'], named: NamedSchemas): Node {
  if (frames === undefined) return {}
  const { client, server } = frames
  return { 'x-client-frames': plainSchema(client, named), 'x-server-frames': plainSchema(server, named) }
}

function ofScope(scope: string): string {
  return `An API key with the scope \`${scope}\` will do, too.`
}

function securityOf(auth: RouteAuth['x-auth'] | 'key' | null, mayLogIn: boolean): Node[] {
  if (auth === null && !mayLogIn) return []
  if (auth === 'key') return [{ key: [] }, { bearer: [] }]
  return [...(mayLogIn ? [{}] : []), { bearer: [] }, { cookie: [] }]
}

function parametersOf({ path, hooks }: Route, texts: Record<string, string>, named: NamedSchemas): Node[] {
  const inPath = [...templateOf(path).matchAll(/(\w+)\/\{(\w+)\}/g)].map(([, before = '', name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: texts[name] ?? `Id of the ${before.replace(/s$/, '')}, a UUID.`,
    schema: texts[name] === undefined ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }))
  return [...inPath, ...fieldsOf('query', hooks.query, named), ...fieldsOf('header', hooks.headers, named)]
}

function fieldsOf(place: 'query' | 'header', schema: JsonSchema | undefined, named: NamedSchemas): Node[] {
  if (schema === undefined) return []
  const { properties, required } = plainSchema(schema, named)
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name)
  return Object.entries(properties ?? {}).map(([name, { description, ...rest }]) => ({
    name: place === 'header' ? headerName(name) : name,
    in: place,
    required: isRequired(name),
    description,
    schema: rest,
  }))
}

/** `last-event-id` as people write it. */
function headerName(name: string): string {
  return name
    .split('-')
    .map((part) => (part === 'id' ? 'ID' : part.slice(0, 1).toUpperCase() + part.slice(1)))
    .join('-')
}

function bodyOf(schema: JsonSchema, named: NamedSchemas): Node {
  const isOptional = Object.getOwnPropertySymbols(schema).some(
    (one) => one.description === 'TypeBox.Optional',
  )
  return {
    required: !isOptional,
    content: { 'application/json': { schema: plainSchema(schema, named) } },
  }
}

function answersOf(
  { hooks }: Route,
  answers: NonNullable<OperationDetail['x-more']['answers']>,
  named: NamedSchemas,
) {
  const all: Record<string, Node> = {}
  for (const [status, schema] of Object.entries(byStatus(hooks.response))) {
    const content = { 'application/json': { schema: plainSchema(schema, named) } }
    all[status] = { description: STATUS_CODES[status] ?? '', content }
  }
  for (const [status, { description, headers, content }] of Object.entries(answers)) {
    const known = all[status]?.content
    const contents = { ...(known ?? {}), ...contentsOf(content ?? {}, named) }
    all[status] = {
      description,
      ...(headers === undefined ? {} : { headers: headersOf(headers) }),
      ...(Object.keys(contents).length === 0 ? {} : { content: contents }),
    }
  }
  if (Object.keys(all).length === 0) all[204] = { description: 'It is done; there is nothing to say.' }
  return all
}

function byStatus(response: JsonSchema | undefined): Record<string, JsonSchema> {
  if (response === undefined) return {}
  const entries = Object.entries(response)
  const isByStatus = entries.length > 0 && entries.every(([key]) => /^\d{3}$/.test(key))
  return isByStatus ? Object.fromEntries(entries) : { 200: response }
}

function contentsOf(content: Record<string, Content>, named: NamedSchemas) {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema, events, example }]) => [
      type,
      {
        schema: plainSchema(schema, named),
        ...(events === undefined ? {} : { 'x-events': plainSchema(events, named) }),
        ...(example === undefined ? {} : { example }),
      },
    ]),
  )
}

function headersOf(headers: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  )
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
