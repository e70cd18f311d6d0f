const absolute = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i

/** The path, without the query. Unlike `new URL` it never throws: a Host header may be anything. */
export function pathOf({ url }: Request): string {
  return absolute.exec(url)?.[1] || url.split(/[?#]/, 1)[0] || '/'
}
