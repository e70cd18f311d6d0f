import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts'
import { isId } from '../../lib/ids.ts'
import { invalidField } from '../auth/invalid-field.ts'
import {
  listRecords as list,
  type RecordFilter,
  type RecordPosition,
  type UsageRecord,
} from './records-store.ts'
import type { UsageScope } from './statistics-store.ts'

export type { Moment, RecordFilter, UsageRecord } from './records-store.ts'

/** Rows of the ledger, the newest first. Throws `invalid_request` for what is no cursor. */
export async function listRecords(
  { db }: Pick<Deps, 'db'>,
  scope: UsageScope,
  filter: RecordFilter,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ items: UsageRecord[]; nextCursor: string | null }> {
  const before = cursor === null ? null : readCursor(cursor)
  const rows = await list(db, scope, filter, { before, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const hasMore = last !== undefined && rows.length > limit
  return { items, nextCursor: hasMore ? encodeCursor({ at: last.position, id: last.id }) : null }
}

function readCursor(cursor: string): RecordPosition {
  const { at, id } = decodeCursor(cursor) ?? {}
  const isAt = typeof at === 'string' && /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/.test(at)
  if (isAt && !Number.isNaN(Date.parse(`${at}Z`)) && typeof id === 'string' && isId(id)) return { at, id }
  throw invalidField('cursor', 'This is no cursor of ours')
}

const rowsAtOnce = 1000

/** The same as lines of CSV (RFC 4180), a piece at a time, the names of the columns first. */
export function csvOfRecords({ db }: Pick<Deps, 'db'>, scope: UsageScope, filter: RecordFilter) {
  let before: RecordPosition | null = null
  let isOver = false
  let hasBegun = false

  return async function next(): Promise<string | null> {
    if (isOver) return null
    const heading = hasBegun ? '' : `${columns.map(([name]) => name).join(',')}\r\n`
    const rows: UsageRecord[] = await list(db, scope, filter, { before, limit: rowsAtOnce })
    const last = rows.at(-1)
    isOver = last === undefined || rows.length < rowsAtOnce
    if (last !== undefined) before = { at: last.position, id: last.id }
    hasBegun = true
    return heading + rows.map(lineOf).join('')
  }
}

const columns: [string, (record: UsageRecord) => string | number | boolean | null][] = [
  ['id', ({ id }) => id],
  ['created_at', ({ createdAtMs }) => new Date(createdAtMs).toISOString()],
  ['user_id', ({ uid }) => uid],
  ['key_id', ({ keyId }) => keyId],
  ['kind', ({ kind }) => kind],
  ['model', ({ model }) => model],
  ['provider', ({ provider }) => provider],
  ['prompt_tokens', ({ promptTokens }) => promptTokens],
  ['cached_tokens', ({ cachedTokens }) => cachedTokens],
  ['completion_tokens', ({ completionTokens }) => completionTokens],
  ['reasoning_tokens', ({ reasoningTokens }) => reasoningTokens],
  ['images', ({ images }) => images],
  ['estimated', ({ isEstimated }) => isEstimated],
  ['cost_micros', ({ costMicros }) => costMicros],
  ['time_to_first_token_ms', ({ timeToFirstTokenMs }) => timeToFirstTokenMs],
  ['duration_ms', ({ durationMs }) => durationMs],
  ['outcome', ({ outcome }) => outcome],
  ['error_code', ({ errorCode }) => errorCode],
]

function lineOf(record: UsageRecord): string {
  return `${columns.map(([, read]) => fieldOf(read(record))).join(',')}\r\n`
}

/** A text that begins so is a formula to programs that open such files. */
const formula = /^[=+\-@\t\r]/

function fieldOf(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
