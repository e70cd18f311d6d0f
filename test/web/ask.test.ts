import { expect, test } from 'bun:test'
import { addressOf } from '../../src/web/address-of.ts'
import type { AnswerOf, ask, BodyOf } from '../../src/web/ask.ts'

test('an address is filled in and written so that nothing in it means anything else', () => {
  expect(addressOf('models')).toBe('api/v1/models')
  expect(addressOf('tags/:id', { id: 'a/b?c' })).toBe('api/v1/tags/a%2Fb%3Fc')
  expect(addressOf('search', {}, { q: '你 & me', role: null, from: '', limit: 20, to: undefined })).toBe(
    'api/v1/search?q=%E4%BD%A0+%26+me&limit=20',
  )
})

test('what a route does not say does not compile', () => {
  const asked: string[] = []
  const tried = ((method: string, path: string) => asked.push(`${method} ${path}`)) as never as typeof ask
  tried('PUT', 'tags/:id', { params: { id: 'x' }, body: { name: 'y' } })
  // @ts-expect-error there is no such path
  tried('GET', 'modelz')
  // @ts-expect-error nor such a method
  tried('PUT', 'models')
  // @ts-expect-error whose is missing
  tried('PUT', 'tags/:id', { body: { name: 'y' } })
  // @ts-expect-error there is no such field
  tried('PUT', 'tags/:id', { params: { id: 'x' }, body: { nam: 'y' } })
  // @ts-expect-error a number was meant
  tried('GET', 'search', { query: { q: 'x', limit: 'many' } })
  expect(asked).toHaveLength(6)

  const count: AnswerOf<'GET', 'tags'>['items'][number]['count'] = 1
  // @ts-expect-error it is a number
  const text: AnswerOf<'GET', 'tags'>['items'][number]['count'] = '1'
  // @ts-expect-error nothing is answered
  const nothing: AnswerOf<'DELETE', 'tags/:id'> = {}
  // @ts-expect-error it must have a name
  const body: BodyOf<'POST', 'tags'> = {}
  expect([count, text, nothing, body]).toHaveLength(4)
})
