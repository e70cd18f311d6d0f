import { describe, expect, test } from 'bun:test'
import type { Guide } from '../../../src/config.ts'
import { guideMessages } from '../../../src/faces/cloudchat/guide.ts'

const guide: Guide = {
  knowledge: { zh: '张三住在杭州。', en: 'Zhang San lives in Hangzhou.' },
  presets: { who: { zh: '说他是谁。', en: 'Say who he is.' } },
}
const question = 'Where?'

function prompt(given: Partial<Parameters<typeof guideMessages>[1]>, of: Guide | null = guide): string {
  const messages = guideMessages(of, { question, presetId: null, locale: 'en', ...given })
  expect(messages.map(({ role }) => role)).toEqual(['user'])
  return messages[0]?.content ?? ''
}

describe('guide mode', () => {
  test('gives the model the knowledge, the preset and the question, in English', () => {
    const text = prompt({ presetId: 'who' })
    const parts = [guide.knowledge.en, 'Say who he is.', question].map((part) => text.indexOf(part))
    expect(parts).toEqual(parts.toSorted((a, b) => a - b))
    expect(parts).not.toContain(-1)
    expect(text).not.toContain(guide.knowledge.zh)
  })

  test('or in Chinese, which is also for languages that nobody prepared', () => {
    for (const locale of ['zh', 'zh-CN', 'fr', '', 'enigma']) {
      const text = prompt({ presetId: 'who', locale })
      expect(text).toContain('张三住在杭州。')
      expect(text).toContain('说他是谁。')
    }
    expect(prompt({ locale: 'en-GB' })).toContain(guide.knowledge.en)
  })

  test.each(['nobody knows it', '__proto__', 'constructor', ''])('falls back without the preset %j', (id) => {
    expect(prompt({ presetId: id })).toBe(prompt({ presetId: null }))
  })

  test('sends at most 600 characters of the question', () => {
    expect(prompt({ question: '🙂'.repeat(601) }).match(/🙂/gu)).toHaveLength(600)
    expect(prompt({ question: 'x'.repeat(600) })).toContain('x'.repeat(600))
  })

  test('sends the question alone when there is no guide', () => {
    expect(prompt({ presetId: 'who' }, null)).toBe(question)
  })
})
