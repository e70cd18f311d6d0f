/** An error as it may be logged: the chain of causes, without anything that a client sent or a secret. */
export interface ErrorDescription {
  message: string
  code?: string
  /** Only of the outermost error, frames alone. */
  stack?: string[]
  cause?: ErrorDescription
}

const maxCauses = 5
const maxFrames = 12
const maxMessageLength = 500

/**
 * Takes from an error what helps and leaves what may not be written down: query parameters that drizzle appends
 * to its message, the row that PostgreSQL quotes, passwords in addresses, keys that providers repeat, a snippet of
 * the body that a parser complains about.
 */
export function describeError(error: unknown): ErrorDescription {
  const description = describe(error, 0)
  if (error instanceof Error) description.stack = framesOf(error)
  return description
}

function describe(error: unknown, depth: number): ErrorDescription {
  if (!(error instanceof Error)) return { message: `thrown: ${typeof error}` }
  const description: ErrorDescription = { message: cleanMessage(error) }
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' || typeof code === 'number') description.code = String(code)
  if (error.cause !== undefined && depth < maxCauses) {
    description.cause = describe(error.cause, depth + 1)
  }
  return description
}

function cleanMessage(error: Error): string {
  if (error instanceof SyntaxError) return 'syntax error'
  return error.message
    .replace(/\nparams:[\s\S]*$/, '')
    .replace(/\/\/[^@/\s]*@/g, '//[redacted]@')
    .replace(/\b(Bearer\s+|sk-)[\w.*-]+/g, '$1[redacted]')
    .slice(0, maxMessageLength)
}

function framesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim())
  return lines.filter((line) => line.startsWith('at ')).slice(0, maxFrames)
}
