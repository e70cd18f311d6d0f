import type { Deps } from '../../deps.ts'
import { isId } from '../../lib/ids.ts'
import {
  type PageWish,
  type Position,
  pageOfAll,
  readPosition,
  type SortedPage,
  sortedPageOf,
  sortRows,
} from '../../lib/sorted-page.ts'
import { invalidField } from '../auth/invalid-field.ts'
import {
  isAll,
  type KeySums,
  type Measure,
  type PersonSums,
  type Ranking,
  sumByKey,
  sumByPerson,
} from './ranking-store.ts'
import {
  type ComparedSums,
  type DayRange,
  findToday,
  sumBefore,
  sumBy,
  sumRanges,
  type UsageScope,
  type UsageSums,
} from './statistics-store.ts'

export type { KeySums, Measure, PersonSums } from './ranking-store.ts'
export type { UsageScope, UsageSums } from './statistics-store.ts'

type StatisticsDeps = Pick<Deps, 'db' | 'now' | 'config'>

/** Sums of some days that end now, beside those of as many days before, until the same time; null: there are none. */
export interface PeriodSums {
  sums: UsageSums
  before: ComparedSums | null
}

export interface Summary {
  today: PeriodSums
  last7Days: PeriodSums
  last30Days: PeriodSums
  total: PeriodSums
}

/** Days by the clock of TIMEZONE; the last one of each is today. */
export async function getSummary(deps: StatisticsDeps, scope: UsageScope): Promise<Summary> {
  const { db, config } = deps
  const now = deps.now()
  const { timezone } = config.usage
  const today = await findToday(db, now, timezone)
  const stretches = Object.entries({ today: 1, last7Days: 7, last30Days: 30 }).map(([name, days]) => ({
    name,
    days,
  }))
  const ranges = stretches.map(({ name, days }) => ({ name, from: addDays(today, 1 - days), to: today }))
  const [found, before] = await Promise.all([
    sumRanges(db, scope, [...ranges, { name: 'total', from: null, to: '9999-12-31' }]),
    sumBefore(db, scope, stretches, { now, timezone }),
  ])
  const sumsOf = (name: string) => found.find((one) => one.name === name) ?? nothing
  const period = (name: string): PeriodSums => ({
    sums: sumsOf(name),
    before: before.find((one) => one.name === name) ?? nothing,
  })
  return {
    today: period('today'),
    last7Days: period('last7Days'),
    last30Days: period('last30Days'),
    total: { sums: sumsOf('total'), before: null },
  }
}

export interface RangeWish {
  /** Days like `2026-01-31`; null: the thirty that end with `to`, or with today. */
  from: string | null
  to: string | null
}

/** Each day of the range, also those with nothing. Throws `invalid_request`. */
export async function listByDay(
  deps: StatisticsDeps,
  scope: UsageScope,
  wish: RangeWish,
): Promise<(UsageSums & { key: string })[]> {
  const range = await readRange(deps, wish)
  const found = new Map((await sumBy<string>(deps.db, scope, range, 'day')).map((day) => [day.key, day]))
  const days: (UsageSums & { key: string })[] = []
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) {
    days.push(found.get(day) ?? { ...nothing, key: day })
  }
  return days
}

/** Each hour of the day, all days of the range together. Throws `invalid_request`. */
export async function listByHour(
  deps: StatisticsDeps,
  scope: UsageScope,
  wish: RangeWish,
): Promise<(UsageSums & { key: number })[]> {
  const found = await sumBy<number>(deps.db, scope, await readRange(deps, wish), 'hour')
  const byHour = new Map(found.map((hour) => [hour.key, hour]))
  return Array.from({ length: 24 }, (_, hour) => byHour.get(hour) ?? { ...nothing, key: hour })
}

/** Those that were used, the most used first. Throws `invalid_request`. */
export async function listBy(
  deps: StatisticsDeps,
  scope: UsageScope,
  wish: RangeWish,
  split: 'model' | 'provider' | 'kind',
): Promise<(UsageSums & { key: string })[]> {
  return sumBy<string>(deps.db, scope, await readRange(deps, wish), split)
}

/** The same in pages, of what `wish` says the most first. */
export async function rankBy(
  deps: StatisticsDeps,
  scope: UsageScope,
  range: RangeWish,
  split: 'model' | 'provider' | 'kind',
  wish: PageWish<Measure, number | null>,
): Promise<SortedPage<UsageSums & { key: string }>> {
  const found = await listBy(deps, scope, range, split)
  return pageOfAll(sortRows(found, measured[wish.order.by], true), ({ key }) => key, wish)
}

const measured: Record<Measure, (sums: UsageSums) => number> = {
  tokens: ({ promptTokens, completionTokens }) => promptTokens + completionTokens,
  calls: ({ calls }) => calls,
  cost: ({ costMicros }) => costMicros,
}

export interface RankWish extends RangeWish, PageWish<Measure> {
  /** null: of all. */
  provider: string | null
}

/** Who has used the most; visitors without an account are one of them. Throws `invalid_request`. */
export async function listByPerson(deps: StatisticsDeps, wish: RankWish): Promise<SortedPage<PersonSums>> {
  const ranking = rankingOf(wish, (text) => /^\d{1,15}$/.test(text))
  const rows = await sumByPerson(deps.db, await readRankedRange(deps, wish), ranking)
  return sortedPageOf(rows, wish, positionOf)
}

/** Of one person's keys, or of all. Throws `invalid_request`. */
export async function listByKey(
  deps: StatisticsDeps,
  userId: number | null,
  wish: RankWish,
): Promise<SortedPage<KeySums>> {
  const ranking = rankingOf(wish, isId)
  const rows = await sumByKey(deps.db, userId, await readRankedRange(deps, wish), ranking)
  return sortedPageOf(rows, wish, positionOf)
}

function rankingOf({ order, cursor, limit, provider }: RankWish, isOne: (id: string) => boolean): Ranking {
  const after = readPosition(cursor, order, { at: 'number', isId: isOne })
  return { measure: order.by, limit: limit + 1, after, provider }
}

function positionOf({ at, id }: Position): Position {
  return { at, id }
}

const usualDays = 30
const mostDays = 3660
/** For these each person's own sums are read, which may be millions in a month. */
const mostRankedDays = 92

/** null: of all times, for which there are totals. */
async function readRankedRange(deps: StatisticsDeps, wish: RangeWish): Promise<DayRange | null> {
  const range = await readRange(deps, wish)
  if (addDays(range.from, mostRankedDays - 1) >= range.to) return range
  if (await isAll(deps.db, range)) return null
  throw invalidField('from', `Expected at most ${mostRankedDays} days, or all on which anything was used`)
}

async function readRange(deps: StatisticsDeps, { from, to }: RangeWish): Promise<DayRange> {
  if (from !== null) checkDay('from', from)
  if (to !== null) checkDay('to', to)
  const end = to ?? (await todayOf(deps))
  const begin = from ?? addDays(end, 1 - usualDays)
  if (begin > end) throw invalidField('from', 'Expected a day before `to`')
  if (addDays(begin, mostDays - 1) < end) throw invalidField('from', `Expected at most ${mostDays} days`)
  return { from: begin, to: end }
}

function checkDay(field: string, day: string): void {
  const isDay = /^[12]\d{3}-\d\d-\d\d$/.test(day) && addDays(day, 0) === day
  if (!isDay) throw invalidField(field, 'Expected a day like 2026-01-31')
}

function todayOf({ db, now, config }: StatisticsDeps): Promise<string> {
  return findToday(db, now(), config.usage.timezone)
}

function addDays(day: string, count: number): string {
  const moment = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(moment.getTime())) return ''
  moment.setUTCDate(moment.getUTCDate() + count)
  return moment.toISOString().slice(0, 10)
}

const nothing: UsageSums = {
  calls: 0,
  failed: 0,
  stopped: 0,
  interrupted: 0,
  estimated: 0,
  unpriced: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  images: 0,
  costMicros: 0,
  durationMs: 0,
  firstTokenMs: 0,
  firstTokens: 0,
}
