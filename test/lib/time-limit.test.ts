import { expect, test } from 'bun:test'
import { withTimeLimit } from '../../src/lib/time-limit.ts'

test('what comes in time is handed on, failures too', async () => {
  expect(await withTimeLimit(Promise.resolve('done'), 1000, 'too long')).toBe('done')
  await expect(withTimeLimit(Promise.reject(new Error('broken')), 1000, 'too long')).rejects.toThrow('broken')
})

test('what does not come is not waited for', async () => {
  const never = new Promise<never>(() => {})
  await expect(withTimeLimit(never, 5, 'too long')).rejects.toThrow('too long')
})
