import { pathOf } from './path-of.ts'

type Handle = (request: Request) => unknown

/**
 * Answers `/prefix/api/…` as `/api/…`: a proxy may serve everything at a path of its own without taking it away, and
 * what pages ask for is relative to their address. The request itself stays, as the server knows it by its identity:
 * only what it says of its address is another.
 */
export function belowPrefix(prefixes: readonly string[]) {
  const beginnings = prefixes.filter((prefix) => prefix !== '').map((prefix) => `${prefix}/api/`)
  return (handle: Handle): Handle =>
    (request) => {
      const path = pathOf(request)
      const beginning = beginnings.find((known) => path.startsWith(known))
      if (beginning !== undefined) hidePrefix(request, path, beginning.slice(0, -'/api/'.length))
      return handle(request)
    }
}

function hidePrefix(request: Request, path: string, prefix: string): void {
  const { url } = request
  const start = url.indexOf(path)
  const value = url.slice(0, start) + url.slice(start + prefix.length)
  Object.defineProperty(request, 'url', { value, configurable: true })
}
