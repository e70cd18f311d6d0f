import { AppError } from '../errors.ts'
import { acceptedType } from './accept.ts'
import { pathOf } from './path-of.ts'

/** Addresses further down are nobody's mistyped link. */
const maxDepth = 6
/** What programs ask for, also when somebody types it. */
const forPrograms = /^\/(?:api|v1|auth)\//

/**
 * The page for an address where there is nothing, for people; what programs ask for is refused as ever. `html` is the
 * start page, of which all that it loads is relative. Throws `not_found`.
 */
export function missingPage(html: string) {
  const pages = new Map<number, string>()
  return (request: Request, prefix: string): Response => {
    const path = pathOf(request).slice(prefix.length)
    const depth = path.split('/').length - 2
    if (forPrograms.test(path) || depth > maxDepth || acceptedType(request, ['text/html']) === null) {
      throw new AppError('not_found', 'There is nothing here')
    }
    const page = pages.get(depth) ?? html.replaceAll('"./', `"${'../'.repeat(depth) || './'}`)
    pages.set(depth, page)
    return new Response(page, { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } })
  }
}
