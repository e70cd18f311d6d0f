import { named, type Placed, type Schema } from './document.ts'

/** How a request is made, in the words of a shell and of a script. */
export function examplesOf(operation: Placed): { curl: string; javascript: string } {
  const { method, path, parameters = [], security, requestBody } = operation
  const needed = parameters.filter(({ in: place, required }) => place === 'query' && required)
  const query = needed
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sample(schema)))}`)
    .join('&')
  const url = new URL(path.replaceAll(/\{(\w+)\}/g, ':$1').slice(1), base()).href + (query ? `?${query}` : '')
  const isForMembers = security.some((one) => 'bearer' in one)
  const schema = requestBody?.content['application/json']?.schema
  const body = schema === undefined ? null : sample(schema)
  const headers = {
    ...(isForMembers ? { authorization: 'Bearer $TOKEN' } : {}),
    ...(body === null ? {} : { 'content-type': 'application/json' }),
  }
  return { curl: curl(method, url, headers, body), javascript: javascript(method, url, headers, body) }
}

/** The folder of this page: the service is there, whatever stands before it. */
function base(): string {
  return new URL('.', location.href).href
}

function curl(method: string, url: string, headers: Record<string, string>, body: unknown): string {
  const parts = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} '${url}'`,
    ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`),
    ...(body === null ? [] : [`-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ]
  return parts.join(' \\\n  ')
}

function javascript(method: string, url: string, headers: Record<string, string>, body: unknown): string {
  const written = Object.entries(headers).map(([name, value]) =>
    value.includes('$TOKEN')
      ? `    ${name}: \`${value.replace('$TOKEN', `\${token}`)}\`,`
      : `    '${name}': '${value}',`,
  )
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(written.length === 0 ? [] : ['  headers: {', ...written, '  },']),
    ...(body === null ? [] : [`  body: JSON.stringify(${JSON.stringify(body)}),`]),
  ]
  const call = options.length === 0 ? `fetch('${url}')` : `fetch('${url}', {\n${options.join('\n')}\n})`
  return `const response = await ${call}`
}

/** Something that a schema allows: of an object what must be there, or its first field. */
function sample(schema: Schema): unknown {
  const target = named(schema)?.schema ?? schema
  if (target.const !== undefined) return target.const
  if (target.enum !== undefined) return target.enum[0]
  const choice = (target.anyOf ?? target.oneOf)?.[0]
  if (choice !== undefined) return sample(choice)
  switch ([target.type].flat()[0]) {
    case 'object':
      return sampleObject(target)
    case 'array':
      return [sample(target.items ?? {})]
    case 'integer':
    case 'number':
      return target.minimum ?? 1
    case 'boolean':
      return true
    case 'string':
      return sampleText(target)
    default:
      return null
  }
}

function sampleObject({ properties = {}, required = [] }: Schema): unknown {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(names.map((name) => [name, sample(properties[name] ?? {})]))
}

function sampleText({ format }: Schema): string {
  if (format === 'uuid') return '019a5b7e-0c1d-7f00-8a3b-2f6d1c4e9b01'
  if (format === 'date-time') return '2026-01-31T12:00:00.000Z'
  return '…'
}
