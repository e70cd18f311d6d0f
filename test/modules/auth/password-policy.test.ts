import { expect, test } from 'bun:test'
import { commonPasswords } from '../../../src/modules/auth/common-passwords.ts'
import { isWeakPassword } from '../../../src/modules/auth/password-policy.ts'

test('eight to 128 code points of two kinds', () => {
  const verdicts: [string, boolean][] = [
    ['vexing-7', false],
    ['vexin-7', true],
    ['vexingly', true],
    ['73019284', true],
    ['!?!?!?!?', true],
    ['vexing 7', false],
    ['73019-84', false],
    [`${'x'.repeat(127)}7`, false],
    [`${'x'.repeat(128)}7`, true],
    // Code points, not UTF-16 units.
    [`${'🔑'.repeat(127)}7`, false],
    ['🔑🔑🔑7', true],
    ['密码密码密码密7', false],
    ['密码密码密码密码', true],
    ['ünïcödé7', false],
    // Common, but the live front end's own papers promise that it is taken.
    ['abcd1234', false],
    // Digits of other scripts are digits and something else at once.
    ['７３０１９２８４', false],
    ['', true],
  ]
  for (const [password, isWeak] of verdicts)
    expect([password, isWeakPassword(password)]).toEqual([password, isWeak])
})

test('what everybody tries first is weak, in any case of letters', () => {
  for (const password of [
    'password1',
    'PassWord1',
    'P@ssw0rd',
    'qwerty123',
    'abcd12345',
    'woaini1314',
    'Admin@123',
  ]) {
    expect([password, isWeakPassword(password)]).toEqual([password, true])
  }
})

test('the list holds at least 3000 passwords, each of which the policy alone would take', () => {
  expect(commonPasswords.size).toBeGreaterThan(3000)
  const useless = [...commonPasswords].filter(
    (password) =>
      [...password].length < 8 || password !== password.toLowerCase() || /^([a-z]+|\d+)$/.test(password),
  )
  expect(useless).toEqual([])
})

test("one's own names are weak", () => {
  const names = ['ann.lee@example.com', null, 'Ann_Lee_77']
  expect(isWeakPassword('Ann.Lee@Example.com', names)).toBe(true)
  expect(isWeakPassword('ann_lee_77', names)).toBe(true)
  expect(isWeakPassword('ann_lee_78', names)).toBe(false)
})
