import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { AppError } from '../../../src/errors.ts'
import { buildPrompt, type PromptPlan } from '../../../src/modules/chat/build-prompt.ts'
import { estimatePrompt } from '../../../src/modules/chat/estimate-tokens.ts'
import type { BranchMessage } from '../../../src/modules/chat/rounds.ts'

const user = (content: string): BranchMessage => ({ role: 'user', content })
const assistant = (content: string): BranchMessage => ({ role: 'assistant', content })
const system = { role: 'system' as const, content: 'Be brief.' }

const plan: PromptPlan = {
  systemPrompt: 'Be brief.',
  branch: [user('first'), assistant('one'), user('second')],
  model: { contextWindow: 8192, maxOutputTokens: 4096 },
  factor: 1,
  maxTokens: null,
}

const messagesOf = (changes: Partial<PromptPlan>) => buildPrompt({ ...plan, ...changes }).prompt.messages

describe('a prompt', () => {
  test('is the system prompt and the branch, where there is room', () => {
    expect(messagesOf({})).toEqual([system, ...plan.branch])
    for (const systemPrompt of [null, '']) expect(messagesOf({ systemPrompt })).toEqual(plan.branch)
  })

  test('says how long the answer may be when somebody has said so, as far as there is room for it', () => {
    expect(buildPrompt(plan).prompt).not.toHaveProperty('maxTokens')
    expect(buildPrompt({ ...plan, maxTokens: 100 }).prompt.maxTokens).toBe(100)
    const { prompt, estimatedTokens } = buildPrompt({ ...plan, maxTokens: 8192, factor: 1.5 })
    expect(prompt.maxTokens).toBeWithin(8190 - Math.ceil(estimatedTokens * 1.5), 8192)
  })

  test('tells its own estimate, without the factor', () => {
    const { prompt, estimatedTokens } = buildPrompt({ ...plan, factor: 2.5 })
    expect(estimatedTokens).toBe(Math.round(estimatePrompt(prompt.messages)))
  })

  test('leaves out answers that failed before the first word, and lets the roles take turns', () => {
    const branch = [
      user('a'),
      assistant(''),
      user('b'),
      assistant(' \n'),
      user('c'),
      assistant('C'),
      user('d'),
    ]
    expect(messagesOf({ branch })).toEqual([system, user('a\n\nb\n\nc'), assistant('C'), user('d')])
  })

  test('leaves out an answer whose question is gone', () => {
    expect(messagesOf({ branch: [assistant('to nothing'), user('a')] })).toEqual([system, user('a')])
  })

  test('forgets the oldest rounds first', () => {
    const long = 'word '.repeat(1000)
    const rounds = ['1', '2', '3', '4', '5', '6', '7', '8'].flatMap((name) => [user(name), assistant(long)])
    const kept = messagesOf({ branch: [...rounds, user('last')] })
    expect(kept.slice(1)).toEqual([...rounds, user('last')].slice(-(kept.length - 1)))
    expect(kept.length - 1).toBe(13)
    // Where the model counts twice as much, half as much fits.
    expect(messagesOf({ branch: [...rounds, user('last')], factor: 2 }).length - 1).toBe(7)
  })
})

describe('where a summary stands for what was said', () => {
  const long = 'word '.repeat(1000)
  const rounds = (count: number) =>
    Array.from({ length: count }, (_, at) => [user(`q${at}`), assistant(long)]).flat()
  const summarised = (count: number, at: Record<number, string>) =>
    rounds(count).map((message, place) => ({ ...message, summary: at[place] ?? null }))
  const built = (branch: BranchMessage[]) => buildPrompt({ ...plan, branch: [...branch, user('last')] })

  test('it is only sent where not all of it fits', () => {
    const { prompt, isOutgrown, fullness } = built(summarised(5, { 5: 'Before.' }))
    expect(prompt.messages).toEqual([system, ...rounds(5), user('last')])
    expect(isOutgrown).toBe(false)
    // By how full it would be with the summary.
    expect(fullness).toBeLessThan(built(rounds(5)).fullness / 2)
  })

  test('the oldest that leaves room for the rest is taken, before the first question after it', () => {
    const { prompt, isOutgrown } = built(summarised(9, { 3: 'Two.', 7: 'Four.', 11: 'Six.' }))
    const [, first, ...rest] = prompt.messages
    expect(first?.role).toBe('user')
    expect(first?.content).toMatch(/\n<summary>\nFour\.\n<\/summary>\n\nq4$/)
    expect([...rest]).toEqual([...rounds(9).slice(9), user('last')])
    expect(isOutgrown).toBe(false)
  })

  test('the newest, and what fits of what was said since, where even that does not', () => {
    const { prompt, isOutgrown } = built(summarised(12, { 3: 'Two.' }))
    expect(prompt.messages[1]?.content).toMatch(/Two\.\n<\/summary>\n\nq6$/)
    expect(isOutgrown).toBe(true)
    expect(built(rounds(12)).isOutgrown).toBe(true)
  })

  test('one of a question alone does not stand for its answer, one that is too long for nothing', () => {
    for (const branch of [summarised(9, { 6: 'Half.' }), summarised(9, { 7: 'word '.repeat(3000) })]) {
      expect(built(branch).prompt).toEqual(built(rounds(9)).prompt)
    }
  })
})

describe('an answer to be continued', () => {
  test('is followed by the request to go on', () => {
    const messages = messagesOf({ branch: [user('tell'), assistant('Once upon')] })
    expect(messages.slice(0, 3)).toEqual([system, user('tell'), assistant('Once upon')])
    expect([messages.length, messages.at(-1)?.role]).toEqual([4, 'user'])
  })

  test('that has not begun is an answer to the question', () => {
    expect(messagesOf({ branch: [user('tell'), assistant('')] })).toEqual([system, user('tell')])
  })

  test('keeps its end when it is too long', () => {
    const answer = `${'🙂 word '.repeat(5000)}the end`
    const [, , kept] = messagesOf({ branch: [user('tell'), assistant(answer)] })
    expect(answer.endsWith(kept?.content ?? 'x')).toBe(true)
    expect(kept?.content.length).toBeGreaterThan(1000)
    expect(kept?.content.isWellFormed()).toBe(true)
  })
})

test('a question that does not fit alone is refused', () => {
  const long = 'word '.repeat(7000)
  const message = expect.stringMatching(
    /^The message is too long for this model: it has about 7\d{3} tokens, and may have \d+$/,
  )
  expect(refusalOf({ branch: [user(long)] })).toMatchObject({
    code: 'invalid_request',
    message,
    faults: [{ path: 'content', message }],
    extra: { tokens: expect.any(Number), max_tokens: expect.any(Number) },
  })
  expect(
    refusalOf({ branch: [user(long)], model: { contextWindow: 16_384, maxOutputTokens: 4096 } }),
  ).toBeNull()
  expect(refusalOf({ branch: [user('short')], systemPrompt: long })).not.toBeNull()
  expect(refusalOf({ branch: [user('short')], maxTokens: 8192 })).toBeNull()
})

test('whatever the branch is: the newest whole rounds, in turns, within the window with its answer', () => {
  const content = fc.oneof(
    fc.constantFrom('', ' ', 'short', '好的'),
    fc.integer({ min: 1, max: 600 }).map((count) => 'word 汉字 '.repeat(count)),
  )
  const round = fc
    .tuple(content, content)
    .map(([question, answer]) => [user(`q${question}`), assistant(answer)])
  fc.assert(
    fc.property(
      fc.array(round, { maxLength: 12 }),
      content,
      fc.integer({ min: 2048, max: 20_000 }),
      fc.double({ min: 0.3, max: 3, noNaN: true }),
      fc.option(fc.integer({ min: 1, max: 20_000 })),
      fc.boolean(),
      (rounds, last, contextWindow, factor, maxTokens, isContinued) => {
        const branch = [...rounds.flat(), user(`last${last}`), ...(isContinued ? [assistant('so far')] : [])]
        const model = { contextWindow, maxOutputTokens: 4096 }
        const built = attempt(() => buildPrompt({ ...plan, branch, model, factor, maxTokens }))
        if (built instanceof AppError) {
          expect(estimatePrompt([system, user(last)]) * factor).toBeGreaterThan(
            contextWindow * 0.4 - 200 * factor,
          )
          return
        }
        const { messages, maxTokens: sent } = built.prompt
        const [first, ...spoken] = messages
        expect(first).toEqual(system)
        spoken.forEach(({ role, content }, at) => {
          expect(role).toBe(at % 2 === 0 ? 'user' : 'assistant')
          expect(content.trim()).not.toBe('')
        })
        const tokens = estimatePrompt(messages) * factor
        expect(tokens).toBeLessThanOrEqual(contextWindow * 0.85)
        expect(tokens + (sent ?? 1)).toBeLessThanOrEqual(contextWindow)

        // What was said is the end of what there was, and begins with a question.
        const all = branch.map(({ content }) => content).filter((text) => text.trim() !== '')
        const kept = spoken
          .slice(0, isContinued ? -1 : undefined)
          .flatMap(({ role, content }) => (role === 'user' ? content.split('\n\n') : [content]))
        expect(kept).toEqual(all.slice(-kept.length))
      },
    ),
    { numRuns: 500 },
  )
})

function refusalOf(changes: Partial<PromptPlan>): AppError | null {
  const outcome = attempt(() => buildPrompt({ ...plan, ...changes }))
  return outcome instanceof AppError ? outcome : null
}

function attempt<T>(act: () => T): T | AppError {
  try {
    return act()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
