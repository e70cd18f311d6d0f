const maxLoggedLength = 256
const absolute = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i

/** The path, without the query. Unlike `new URL` it never throws: a Host header may be anything. */
export function pathOf({ url }: Request): string {
  return absolute.exec(url)?.[1] || url.split(/[?#]/, 1)[0] || '/'
}

/** A path as it may stand in the log: whoever reads that shall not be able to read what others have shared. */
export function loggedPath(path: string): string {
  return path.slice(0, maxLoggedLength).replace(/(\/s\/|\/shared\/)[\w-]{22}/, '$1…')
}
