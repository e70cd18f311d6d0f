import { expect, test } from 'bun:test'
import { actFields } from '../../src/modules/admin/act-fields.ts'
import { openPage } from './page-language.ts'

test('every field that the audit log tells of has a name in both languages, one of another version its own', async () => {
  using page = await openPage()
  const { nameOfField } = await import('../../src/web/pages/admin/act-value.ts')
  const namesIn = (language: 'en' | 'zh') => {
    page.speak(language)
    return actFields.map((field) => ({ field, name: nameOfField(field) }))
  }
  const isRaw = ({ field, name }: { field: string; name: string }) => name === field || name.trim() === ''
  const english = namesIn('en')
  const chinese = namesIn('zh')
  expect([...english, ...chinese].filter(isRaw)).toEqual([])
  expect(chinese.filter(({ name }) => !/[一-鿿]/.test(name))).toEqual([])
  expect(nameOfField('someOther')).toBe('someOther')
})

test('what stood in them is said in words', async () => {
  using page = await openPage()
  const { valueOfField } = await import('../../src/web/pages/admin/act-value.ts')
  page.speak('en')
  const said = (field: string, value: unknown) => valueOfField(field, value, 'EUR')
  expect(said('balance', 2_500_000)).toBe('€2.50')
  expect(said('cost_day', 1)).toBe('€0.000001')
  expect(said('tokens_day', 5000)).toBe('5,000')
  expect(said('expiresAt', '2027-03-01T12:00:00.000Z')).toMatch(/1 Mar 2027/)
  expect(said('expiresAt', 'some day')).toBe('some day')
  expect([said('isEnabled', true), said('ok', false), said('reason', null)]).toEqual(['Yes', 'No', '–'])
  expect(said('plans', ['free', 'vip'])).toBe('free, vip')
  expect(said('role', 'admin')).toBe('Administrator')
  expect(said('role', 'toString')).toBe('toString')
  expect(said('sealedKey', '[hidden]')).toBe('(hidden)')
  expect(said('someOther', { a: 1 })).toBe('{"a":1}')
  page.speak('zh')
  expect([said('isEnabled', true), said('registration', 'invite')]).toEqual(['是', '邀请制'])
})
