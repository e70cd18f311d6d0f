import { describe, expect, test } from 'bun:test'
import { type GatedUpstream, startGatedUpstream } from '../../support/gated-upstream.ts'
import { startApp, type TestApp } from '../../support/harness.ts'
import { openLines } from '../../support/lines.ts'
import { embeddedStack } from '../../support/stacks.ts'
import type { Visitor } from '../../support/visitor.ts'

type World = { app: TestApp; model: GatedUpstream; visitor: Visitor }

/** A visitor who has a session already, and a model that speaks when it is told to. */
async function withGatedModel(body: (world: World) => Promise<void>): Promise<void> {
  const model = startGatedUpstream()
  try {
    await using app = await startApp(embeddedStack, {
      DEEPSEEK_BASE_URL: model.url,
      LIMIT_CHAT_IP: '0',
      LIMIT_CHAT_TOTAL: '0',
    })
    const visitor = app.visitor()
    const first = visitor.post('/deepseek_chat', { message: 'first' })
    const answer = await model.answer(1)
    answer.say('a')
    answer.end()
    await (await first).text()
    await body({ app, model, visitor })
  } finally {
    await model.stop()
  }
}

const ask = (visitor: Visitor, message: string, signal?: AbortSignal) =>
  visitor.fetch('/deepseek_chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
    ...(signal ? { signal } : {}),
  })

const history = async (visitor: Visitor) => {
  const { messages } = (await (await visitor.get('/chat_history')).json()) as {
    messages: { content: string }[]
  }
  return messages.map(({ content }) => content)
}

describe('one visitor', () => {
  test('sees each word when it is said', () =>
    withGatedModel(async ({ model, visitor }) => {
      const asked = ask(visitor, 'second')
      const answer = await model.answer(2)
      answer.say('one')
      const lines = openLines(asked)
      expect(await lines.next()).toBe('{"text": "one"}')
      answer.say('two')
      expect(await lines.next()).toBe('{"text": "two"}')
      answer.end()
      expect(await lines.next()).toBeNull()
    }))

  test('is answered one question at a time, and the later one knows the earlier reply', () =>
    withGatedModel(async ({ model, visitor }) => {
      const second = ask(visitor, 'second')
      const secondAnswer = await model.answer(2)
      const third = ask(visitor, 'third')
      secondAnswer.say('b')
      await Bun.sleep(50)
      expect(model.answers).toHaveLength(2)
      secondAnswer.end()
      await (await second).text()
      const thirdAnswer = await model.answer(3)
      expect(thirdAnswer.question.messages.slice(1).map(({ content }) => content)).toEqual([
        'first',
        'a',
        'second',
        'b',
        'third',
      ])
      thirdAnswer.say('c')
      thirdAnswer.end()
      await (await third).text()
      expect(await history(visitor)).toEqual(['first', 'a', 'second', 'b', 'third', 'c'])
    }))

  test('may have three questions waiting; the fourth is too much', () =>
    withGatedModel(async ({ model, visitor }) => {
      const all = ['second', 'third', 'fourth', 'fifth', 'sixth'].map((message) => ask(visitor, message))
      const refused = await Promise.race(all)
      expect([refused.status, await refused.json()]).toEqual([429, { error: 'Too many requests' }])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      for (let number = 2; number <= 5; number++) {
        const answer = await model.answer(number)
        answer.say('x')
        answer.end()
      }
      const statuses = (await Promise.all(all)).map(({ status }) => status)
      expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 429])
    }))

  test('does not keep another waiting', () =>
    withGatedModel(async ({ app, model, visitor }) => {
      const mine = ask(visitor, 'second')
      await model.answer(2)
      const theirs = ask(app.visitor(), 'hello')
      const answer = await model.answer(3)
      answer.say('x')
      answer.end()
      expect((await theirs).status).toBe(200)
      const rest = await model.answer(2)
      rest.say('y')
      rest.end()
      await (await mine).text()
    }))
})

describe('a visitor who leaves', () => {
  test('in the middle of an answer stops the model; what had come is remembered', () =>
    withGatedModel(async ({ model, visitor }) => {
      const leaving = new AbortController()
      const asked = ask(visitor, 'second', leaving.signal)
      const answer = await model.answer(2)
      answer.say('half an ')
      const lines = openLines(asked)
      await lines.next()
      answer.say('answer')
      await lines.next()
      leaving.abort()
      await answer.left
      const next = ask(visitor, 'third')
      const nextAnswer = await model.answer(3)
      expect(nextAnswer.question.messages.at(-2)).toEqual({ role: 'assistant', content: 'half an answer' })
      nextAnswer.say('c')
      nextAnswer.end()
      await (await next).text()
    }))

  test('before the first word stops the model, and nothing is remembered', () =>
    withGatedModel(async ({ model, visitor }) => {
      const leaving = new AbortController()
      const asked = ask(visitor, 'second', leaving.signal).catch(() => null)
      const answer = await model.answer(2)
      leaving.abort()
      await answer.left
      await asked
      expect(await history(visitor)).toEqual(['first', 'a'])
      const next = ask(visitor, 'third')
      const nextAnswer = await model.answer(3)
      nextAnswer.end()
      expect((await next).status).toBe(200)
    }))

  test('while waiting makes room for others', () =>
    withGatedModel(async ({ app, model, visitor }) => {
      const second = ask(visitor, 'second')
      const answer = await model.answer(2)
      const leaving = new AbortController()
      const left = [3, 4, 5].map((number) => ask(visitor, `${number}`, leaving.signal).catch(() => null))
      const refused = await ask(visitor, 'too much')
      expect(refused.status).toBe(429)
      leaving.abort()
      await Promise.all(left)
      // The service learns of it a moment later, and then logs how each of them ended.
      while (app.log.filter(({ status }) => status === 429).length < 4) await Bun.sleep(5)
      answer.say('b')
      answer.end()
      await (await second).text()
      const next = ask(visitor, 'next')
      const nextAnswer = await model.answer(3)
      expect(nextAnswer.question.messages.at(-1)?.content).toBe('next')
      nextAnswer.say('c')
      nextAnswer.end()
      await (await next).text()
    }))
})

describe('a reset', () => {
  test('in the middle of an answer is not undone by it', () =>
    withGatedModel(async ({ model, visitor }) => {
      const asked = ask(visitor, 'second')
      const answer = await model.answer(2)
      answer.say('b')
      const response = await asked
      await visitor.post('/reset_chat')
      answer.end()
      expect(await response.text()).toBe('{"text": "b"}\n')
      expect(await history(visitor)).toEqual([])
    }))
})
