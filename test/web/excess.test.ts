import { expect, test } from 'bun:test'
import { openPage } from './page-language.ts'

test('a message that is too long is told how long it is and may be', async () => {
  using page = await openPage()
  const { excessOf, wordsOfExcess } = await import('../../src/web/excess.ts')
  const said = (problem: object) => {
    const excess = excessOf(JSON.stringify(problem))
    return excess && wordsOfExcess(excess)
  }
  page.speak('zh')
  expect(said({ bytes: 65_537, max_bytes: 65_536 })).toBe('消息过长。共 65,537 字节，最多 65,536 字节。')
  page.speak('en')
  expect(said({ tokens: 9000, max_tokens: 8192 })).toBe(
    'The message is too long. It has about 9,000 tokens; the model has room for 8,192.',
  )
  expect(wordsOfExcess({ unit: 'characters', size: 4001, limit: 4000 })).toBe(
    'The message is too long. It has 4,001 characters; at most 4,000 are possible.',
  )
  expect([said({ bytes: 'many', max_bytes: 1 }), said({ max_bytes: 1 }), excessOf('<html>')]).toEqual([
    null,
    null,
    null,
  ])
})
