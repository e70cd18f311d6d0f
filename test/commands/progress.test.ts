import { afterEach, beforeEach, describe, expect, type Mock, spyOn, test } from 'bun:test'
import { withProgress } from '../../src/commands/progress.ts'

describe('what takes longer than a second', () => {
  const announced = Promise.withResolvers<string>()
  let write: Mock<typeof process.stderr.write>

  beforeEach(() => {
    write = spyOn(process.stderr, 'write').mockImplementation((text) => {
      announced.resolve(String(text))
      return true
    })
  })
  afterEach(() => write.mockRestore())

  test('says what is being waited for, and hands on what came of it', async () => {
    expect(await withProgress('moving a mountain', announced.promise)).toBe(
      'cloudchat: moving a mountain …\n',
    )
  })

  test('says nothing when it was quick, or failed at once', async () => {
    expect(await withProgress('moving a mouse', Promise.resolve('done'))).toBe('done')
    await expect(withProgress('moving a mouse', Promise.reject(new Error('no')))).rejects.toThrow('no')
    await Bun.sleep(1100)
    expect(write).not.toHaveBeenCalled()
  })
})
