import { expect, test } from 'bun:test'
import { shapeOf } from '../../../src/faces/cloudchat/error-shape.ts'

const cases: [path: string, shape: string][] = [
  ['/auth/login', 'ok-flat'],
  ['/cloudchat/auth/me', 'ok-flat'],
  ['/auth/nothing-here', 'ok-flat'],
  ['/auth', 'ok-flat'],
  ['/auth/me/', 'ok-flat'],
  ['/deepseek_chat', 'flat'],
  ['/deepseek_chat/', 'flat'],
  ['/cloudchat/deepseek_chat', 'flat'],
  ['/chat', 'flat'],
  ['/reset_chat', 'flat'],
  ['/chat_history', 'flat'],
  ['/cloudchat/test', 'flat'],
  ['/api/v1/auth/login', 'problem'],
  ['/cloudchat/api/v1/site', 'problem'],
  ['/cloudchat', 'problem'],
  ['/chat/more', 'problem'],
  ['/authors', 'problem'],
  ['/', 'problem'],
]

test.each(cases)('errors at %s are %s', (path, shape) => {
  expect(shapeOf(path)).toBe(shape as ReturnType<typeof shapeOf>)
})
