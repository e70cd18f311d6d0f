import { expect, test } from 'bun:test'
import { toEmail, toPhone, toUsername } from '../../../src/modules/auth/identifiers.ts'

test('e-mail addresses are trimmed and lower-cased', () => {
  expect(toEmail(' Ann@Example.COM ')).toBe('ann@example.com')
  expect(toEmail('张@例子.中国')).toBe('张@例子.中国')
})

test('what is no address, or more than one, is refused', () => {
  const wrong = [
    '',
    'ann',
    'ann@',
    '@x.y',
    'ann@x',
    'a@b@c.d',
    'a b@c.d',
    'a,b@c.d',
    '<a@b.c>',
    'a\u0000@b.c',
    '\ud800@b.c',
  ]
  for (const text of [...wrong, `${'a'.repeat(250)}@b.cd`])
    expect([text, toEmail(text)]).toEqual([text, null])
})

test('telephone numbers', () => {
  for (const text of ['13800138000', '+86 138-0013-8000', '(020) 123456'.replace('(', '0')]) {
    expect(toPhone(` ${text} `)).toBe(text)
  }
  for (const text of ['', '12', 'ann', '+', '138a', '١٢٣٤', '1'.repeat(33)])
    expect([text, toPhone(text)]).toEqual([text, null])
})

test('usernames: 3 to 20 letters, digits and underscores of any script', () => {
  for (const text of ['ann', 'Ann_77', '张三丰', 'Ærøskøbing', 'a'.repeat(20)])
    expect(toUsername(text)).toBe(text)
  const wrong = ['', 'an', 'a'.repeat(21), 'ann lee', 'ann-lee', 'ann@x.y', 'ann.lee', 'ann\u0000', '<b>']
  for (const text of wrong) expect([text, toUsername(text)]).toEqual([text, null])
})

test('no text is both a username and a telephone number or an address', () => {
  for (const text of ['13800138000', '+8613800138000', '123_456', '___', 'ann@example.com']) {
    expect([text, toUsername(text)]).toEqual([text, null])
  }
  for (const text of ['a1380013800', 'ann_77']) expect([toPhone(text), toEmail(text)]).toEqual([null, null])
})
