import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTests } from '../../ops/run-tests.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('the verdict of a test run', () => {
  test('counts what passed, failed and was skipped', async () => {
    expect(
      await outcomeOf(`
        test('a', () => {})
        test('b', () => {})
        test('c', () => { throw new Error('no') })
        test.skip('d', () => {})
        test.todo('e')`),
    ).toEqual({ passed: 2, failed: 1, skipped: 2 })
    expect(await outcomeOf(`test('a', () => {})`)).toEqual({ passed: 1, failed: 0, skipped: 0 })
  })

  test('a run that says nothing has failed', async () => {
    const isFailure = { passed: 0, failed: 1 }
    expect(await outcomeOf('')).toMatchObject(isFailure)
    expect(await outcomeOf(`test('a', () => {}); process.exit(0)`)).toMatchObject(isFailure)
    expect(await outcomeOf(`test('a', () => process.exit(0))`)).toMatchObject(isFailure)
    expect(await outcomeOf(`import './not-there.ts'`)).toMatchObject(isFailure)
    expect(await outcomeOf(`test.skip('a', () => {})`)).toMatchObject(isFailure)
  })

  test('an interrupted run has failed', async () => {
    const interruption = AbortSignal.timeout(300)
    expect(await outcomeOf(`test('a', () => Bun.sleep(60_000))`, interruption)).toMatchObject({ failed: 1 })
    expect(await outcomeOf(`test('a', () => {})`, AbortSignal.abort())).toMatchObject({ failed: 1 })
  })
})

function outcomeOf(text: string, signal = new AbortController().signal) {
  const file = join(tempFolder('verdict'), 'some.test.ts')
  writeFileSync(file, `import { test } from 'bun:test'\n${text}\n`)
  return runTests([file], {}, signal, () => {})
}
