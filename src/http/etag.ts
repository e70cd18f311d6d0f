/** Whether `If-None-Match` names this entity tag. A proxy may have made it weak (`W/`). */
export function isKnownByClient(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  return ifNoneMatch
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === etag || one === '*')
}
