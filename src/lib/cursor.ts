/** Where a page of a list ends, for the next one to begin there. Clients hand it back and read nothing into it. */
export function encodeCursor(position: Record<string, string | boolean>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** The fields are as untrue as any that clients send; null: it never was a cursor. */
export function decodeCursor(cursor: string): Record<string, unknown> | null {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return isRecord(position) ? position : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
