import { describe, expect, test } from 'bun:test'
import { limitsOf, wellKnownLimits } from '../../src/llm/model-limits.ts'

describe('what is generally known', () => {
  test.each([
    ['deepseek-chat', 131_072, 8192],
    ['deepseek-reasoner', 131_072, 65_536],
    ['deepseek-ai/DeepSeek-V3', 131_072, 8192],
    ['qwen-turbo-2025-04-28', 1_000_000, 16_384],
    ['qwen-plus', 131_072, 8192],
    ['gpt-4.1-mini', 1_047_576, 32_768],
    ['gpt-4o-mini', 128_000, 16_384],
    ['gpt-4', 8192, 4096],
    ['openai/gpt-oss-120b', 131_072, 32_768],
    ['claude-sonnet-4-6', 200_000, 64_000],
    ['claude-opus-4-1', 200_000, 32_000],
    ['command-a-03-2025', 256_000, 8192],
  ])('%s', (model, contextWindow, maxOutputTokens) => {
    expect(wellKnownLimits(model)).toEqual({ contextWindow, maxOutputTokens })
  })

  test.each(['', 'my-model', 'llama3:8b', 'deepseek-r1:7b', 'not-gpt-4', 'demo'])('not %s', (model) => {
    expect(wellKnownLimits(model)).toBeNull()
  })
})

describe('limits', () => {
  const said = (contextWindow: number | null, maxOutputTokens: number | null) => ({
    contextWindow,
    maxOutputTokens,
  })

  test('are what is said, then what is known, then the default', () => {
    expect(limitsOf('gpt-4', said(16_000, 9000), 50_000)).toEqual(said(16_000, 9000) as never)
    expect(limitsOf('gpt-4', said(16_000, null), 50_000)).toEqual(said(16_000, 4096) as never)
    expect(limitsOf('gpt-4', undefined, 50_000)).toEqual(said(8192, 4096) as never)
    expect(limitsOf('mine', undefined, 50_000)).toEqual({
      ...said(50_000, 4096),
      isLengthGuessed: true,
    } as never)
  })

  test('leave room for a question unless it is said otherwise', () => {
    expect(limitsOf('mine', undefined, 4096)).toEqual({ ...said(4096, 2048), isLengthGuessed: true } as never)
    expect(limitsOf('gpt-4o', said(8192, null), 4096)).toEqual(said(8192, 4096) as never)
    expect(limitsOf('mine', said(4096, 4096), 4096)).toEqual(said(4096, 4096) as never)
  })
})
