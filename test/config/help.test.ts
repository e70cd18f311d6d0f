import { describe, expect, test } from 'bun:test'
import { providerSettings } from '../../src/config/provider-settings.ts'
import { namesOf, type Table } from '../../src/config/setting.ts'
import { settings } from '../../src/config/settings.ts'
import { helpConfig } from '../../src/config.ts'

const table: Table = { ...settings, ...providerSettings }
const lines = helpConfig().split('\n')

describe('the help about settings', () => {
  test('has a row for each, once, with its type, its default and its meaning below', () => {
    for (const [name, { label, default: fallback, shownDefault, meaning }] of Object.entries(table)) {
      const rows = lines.flatMap((line, index) => (line.startsWith(`${name} `) ? [index] : []))
      expect([name, rows.length]).toEqual([name, 1])
      const row = lines[rows[0] ?? -1] ?? ''
      expect(row).toContain(label)
      expect(row).toEndWith(shownDefault ?? fallback ?? 'none')
      const [firstWord = ''] = meaning.split(' ')
      expect(lines[(rows[0] ?? 0) + 1]).toStartWith(`    ${firstWord}`)
    }
  })

  test('names every alias, and providers of any name', () => {
    const words = new Set(helpConfig().split(/[^A-Z0-9_]+/))
    for (const [name, setting] of Object.entries(table)) {
      for (const alias of namesOf(name, setting)) expect(words).toContain(alias)
    }
    expect(lines.some((line) => line.startsWith('<NAME>_BASE_URL'))).toBe(true)
  })

  test('can be read in 110 columns', () => {
    expect(lines.filter((line) => line.length > 110)).toEqual([])
  })
})
