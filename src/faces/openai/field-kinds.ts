import { AppError } from '../../errors.ts'

export type Fields = Record<string, unknown>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

/** `path`: the name of a field. */
export function wrong(path: string, message: string): AppError {
  return new AppError('invalid_request', `${message} as ${path}`, {
    faults: [{ path, message: `${message} as ${path}` }],
  })
}
