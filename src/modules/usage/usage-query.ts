import type { Deps } from '../../deps.ts'
import { invalidField } from '../auth/invalid-field.ts'
import type { Moment, RecordFilter } from './records.ts'
import { readName } from './scope-of.ts'
import type { RangeWish } from './statistics.ts'

interface Range {
  from?: string | undefined
  to?: string | undefined
}

export function rangeOf({ from, to }: Range): RangeWish {
  return { from: from || null, to: to || null }
}

interface Filter extends Range {
  model?: string | undefined
  kind?: string | undefined
}

/** Throws `invalid_request`. */
export function filterOf({ config }: Pick<Deps, 'config'>, { from, to, model, kind }: Filter): RecordFilter {
  return {
    from: from ? toMoment(from, 'from') : null,
    to: to ? toMoment(to, 'to') : null,
    timezone: config.usage.timezone,
    model: readName(model),
    kind: kind ?? null,
  }
}

const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

function toMoment(text: string, field: string): Moment {
  const at = new Date(form.test(text) ? text : Number.NaN)
  if (!Number.isNaN(at.getTime())) return text.includes('T') ? { at } : { day: text }
  throw invalidField(field, 'Expected a moment like 2026-01-31T12:00:00Z, or a day')
}
