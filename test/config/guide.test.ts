import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../support/temp-folder.ts'
import { faultsOf, load } from './load.ts'

const folder = tempFolder('guide')
const both = { zh: '中', en: 'e' }

describe('GUIDE_FILE', () => {
  test('the example has the preset questions that the live front end asks', () => {
    const { guide } = load({ GUIDE_FILE: 'ops/guide.example.json' }).cloudchat
    expect(Object.keys(guide?.presets ?? {})).toEqual([
      'who_is_renda',
      'personalweb_proof',
      'cloud_native_evidence',
      'certification_context',
      'recruiter_summary',
    ])
    expect(guide?.knowledge.zh).toMatch(/\p{Script=Han}/u)
  })

  test('is read as it is, a byte order mark apart', () => {
    const guide = { knowledge: both, presets: { a: both } }
    expect(load({ GUIDE_FILE: write(`\uFEFF${JSON.stringify(guide)}`) }).cloudchat.guide).toEqual(guide)
    expect(
      load({ GUIDE_FILE: write(JSON.stringify({ knowledge: both, presets: {} })) }).cloudchat.guide?.presets,
    ).toEqual({})
  })

  const refused: [string, unknown, string[]][] = [
    ['a list', [], ['expected object']],
    ['nothing in it', {}, ['/knowledge', '/presets']],
    ['one language', { knowledge: { zh: 'x' }, presets: {} }, ['/knowledge/en']],
    ['an empty text', { knowledge: { zh: '', en: 'x' }, presets: {} }, ['/knowledge/zh']],
    [
      'another type',
      { knowledge: both, presets: { a: { zh: 1, en: 'x' }, b: 'x' } },
      ['/presets/a/zh', '/presets/b'],
    ],
    ['an unknown key', { knowledge: both, presets: {}, preset: {} }, ['/preset']],
    ['an id that cannot be asked for', { knowledge: both, presets: { 'a b': both } }, ['/presets/a b']],
  ]

  test.each(refused)('%s is refused, each fault by its place', (_, guide, places) => {
    const faults = faultsOf({ GUIDE_FILE: write(JSON.stringify(guide)) })
    expect(faults).toHaveLength(places.length)
    for (const [index, place] of places.entries()) {
      expect(faults[index]).toStartWith('GUIDE_FILE: at ')
      expect(faults[index]).toContain(place)
    }
  })

  test('what is no JSON, too much, or not there is refused', () => {
    expect(faultsOf({ GUIDE_FILE: write('{') })).toEqual(['GUIDE_FILE: expected JSON'])
    expect(faultsOf({ GUIDE_FILE: write(`"${'x'.repeat(300_000)}"`) })).toEqual([
      'GUIDE_FILE: expected a file of at most 256 KiB',
    ])
    expect(faultsOf({ GUIDE_FILE: join(folder, 'none') })).toEqual([
      'GUIDE_FILE: expected a file that can be read (ENOENT)',
    ])
  })
})

function write(content: string): string {
  const file = join(folder, `${crypto.randomUUID()}.json`)
  writeFileSync(file, content)
  return file
}
