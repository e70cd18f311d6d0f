import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createId, isId } from '../../../src/lib/ids.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { hostileBodies, hostileValues } from '../../support/hostile.ts'
import { converse, plantChain, rows, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

/** Every route that names a conversation or a message, with a body that would be right. */
function routesOf(conversation: string, message: string): [method: string, path: string, body?: object][] {
  const one = `/conversations/${conversation}`
  return [
    ['GET', one],
    ['PUT', one, { title: 'stolen' }],
    ['PUT', one, { model: null, parameters: {} }],
    ['PUT', one, { current_message_id: isId(message) ? message : createId() }],
    ['DELETE', one],
    ['POST', `${one}/archive`],
    ['POST', `${one}/unarchive`],
    ['POST', `${one}/restore`],
    ['POST', `${one}/fork`, {}],
    ['PUT', `${one}/tags`, { tags: ['stolen'] }],
    ['GET', `${one}/messages`],
    ['DELETE', `/messages/${message}`],
    ['POST', `/messages/${message}/rating`, { rating: 'up' }],
    ['DELETE', `/messages/${message}/rating`],
  ]
}

const json = { 'content-type': 'application/json' }

describeOnBothStacks('who may see and change what', (start) => {
  test("another's conversation looks like one that never was, and stays as it is", async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob, app } = at
    const id = await converse(bob, { title: 'his' })
    const [, answer] = await plantChain(bob, id, 2)
    const never = 'a0000000-0000-7000-8000-000000000000'
    const state = async () => [
      await rows(app, sql`select * from conversations order by id`),
      await rows(app, sql`select * from messages order by id`),
    ]
    const before = await state()
    const foreign = routesOf(id, answer ?? '')
    const unknown = routesOf(never, never)
    for (const [at, [method, path, body]] of foreign.entries()) {
      const ask = async (path: string, body?: object) => {
        const { status, body: problem } = await ann.ask(
          method,
          path,
          body && JSON.stringify(body),
          body && json,
        )
        const { request_id, ...rest } = problem
        return { status, rest }
      }
      const answer = await ask(path, body)
      expect([method, path, answer]).toMatchObject([
        method,
        path,
        { status: 404, rest: { code: 'not_found' } },
      ])
      expect(answer).toEqual(await ask(unknown[at]?.[1] ?? '', unknown[at]?.[2]))
    }
    expect(await state()).toEqual(before)
  })

  test('an id that is none is not found', async () => {
    await using at = await withTwoPeople(start)
    for (const id of [
      '1',
      'null',
      '%00',
      '%',
      '..%2f',
      "' or 1=1 --",
      '🙂',
      `${'a'.repeat(36)}`,
      'a'.repeat(5000),
    ]) {
      for (const [method, path, body] of routesOf(id, id)) {
        const answer = await at.ann.ask(method, path, body && JSON.stringify(body), body && json)
        expect([method, path, answer.status]).toEqual([method, path, 404])
      }
    }
  })

  test('nobody who is not logged in', async () => {
    await using at = await withTwoPeople(start)
    const id = await converse(at.ann)
    const [, answer] = await plantChain(at.ann, id, 2)
    const stranger = at.app.visitor()
    for (const [method, path, body] of [
      ...routesOf(id, answer ?? ''),
      ['GET', '/conversations'] as const,
      ['POST', '/conversations', {}] as const,
    ]) {
      const response = await stranger.fetch(`/api/v1${path}`, {
        method,
        ...(body ? { headers: json, body: JSON.stringify(body) } : {}),
      })
      expect([method, path, response.status]).toEqual([method, path, 401])
      expect(((await response.json()) as { code: string }).code).toBe('unauthenticated')
    }
  })

  test('bodies that nobody expects are refused or do nothing, and break nothing', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann, { title: 'same' })
    const [, answer] = await plantChain(ann, id, 2)
    const before = (await ann.get(`/conversations/${id}`)).body
    const doors: [string, string][] = [
      ['POST', '/conversations'],
      ['PUT', `/conversations/${id}`],
      ['POST', `/conversations/${id}/fork`],
      ['POST', `/messages/${answer}/rating`],
    ]
    for (const [method, path] of doors) {
      for (const [name, body] of Object.entries(hostileBodies)) {
        const { status } = await ann.ask(method, path, body as string | null, json)
        expect([method, path, name, status < 500]).toEqual([method, path, name, true])
      }
      for (const value of hostileValues) {
        for (const field of [
          'title',
          'model',
          'system_prompt',
          'parameters',
          'temporary',
          'pinned',
          'rating',
        ]) {
          const body = JSON.stringify({ rating: 'up', [field]: value, note: value, message_id: value })
          const { status } = await ann.ask(method, path, body, json)
          expect([method, path, body.slice(0, 200), status < 500]).toEqual([
            method,
            path,
            body.slice(0, 200),
            true,
          ])
        }
      }
    }
    const text = await ann.ask('POST', '/conversations', 'title=x', { 'content-type': 'text/plain' })
    expect(text.body).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    const huge = await ann.post('/conversations', { title: 'x'.repeat(300_000) })
    expect(huge.body).toMatchObject({ status: 413, code: 'payload_too_large' })
    await ann.put(`/conversations/${id}`, { title: 'same', system_prompt: null, pinned: false })
    expect((await ann.get(`/conversations/${id}`)).body).toEqual(before)
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
  })
})
