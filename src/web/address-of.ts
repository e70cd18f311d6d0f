/**
 * Where an operation of /api/v1 is: what a path names filled in, then the query, without what is null or empty.
 * `addressOf('tags/:id', { id })`
 */
export function addressOf(
  path: string,
  params: Record<string, string> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name) => encodeURIComponent(params[name] ?? ''))
  const named = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return `api/v1/${filled}${named.length === 0 ? '' : `?${new URLSearchParams(named)}`}`
}
