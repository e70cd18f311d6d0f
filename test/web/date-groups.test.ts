import { expect, test } from 'bun:test'
import { groupByDate } from '../../src/web/sidebar/date-groups.ts'

const now = new Date(2026, 2, 15, 0, 30)
const at = (...date: [number, number, number, number?]) => ({
  pinned: false,
  updated_at: new Date(...date).toISOString(),
})

test('a list is cut by the days of this place, not by hours', () => {
  const items = [
    { ...at(2025, 0, 1), pinned: true },
    at(2026, 2, 15, 0),
    at(2026, 2, 14, 23),
    at(2026, 2, 14, 0),
    at(2026, 2, 13, 23),
    at(2026, 2, 8),
    at(2026, 2, 7),
    at(2026, 1, 13),
    at(2026, 1, 12),
    at(2026, 0, 31),
    at(2025, 1, 28),
  ]
  expect(groupByDate(items, now).map(({ key, items }) => [key, items.length])).toEqual([
    ['pinned', 1],
    ['today', 1],
    ['yesterday', 2],
    ['lastWeek', 2],
    ['lastMonth', 2],
    ['2026-1', 1],
    ['2026-0', 1],
    ['2025-1', 1],
  ])
})

test('what is from a clock ahead of ours is from today', () => {
  expect(groupByDate([at(2026, 2, 16)], now)[0]?.group).toBe('today')
})
