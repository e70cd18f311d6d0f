/**
 * What `Authorization: Bearer …` carries, empty if nothing. null: there is no such header, or one of another kind:
 * Basic may be a proxy's affair.
 */
export function readBearer(request: Request): string | null {
  const found = /^bearer(?:\s+(.*))?$/i.exec(request.headers.get('authorization') ?? '')
  return found === null ? null : (found[1] ?? '')
}
