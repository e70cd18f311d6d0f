import { describe, expect, test } from 'bun:test'
import { waitForDatabase } from '../../src/commands/wait-for-database.ts'
import { AppError } from '../../src/errors.ts'
import { createLog } from '../../src/lib/log.ts'

const log = createLog('silent')
const down = () => new Error('query', { cause: new AppError('dependency_down', 'No database') })

describe('waitForDatabase', () => {
  test('tries again while the database is out of reach', async () => {
    let tries = 0
    const work = async () => {
      if (++tries < 4) throw down()
      return 'done'
    }
    expect(await waitForDatabase(work, log, { patienceMs: 60_000, pauseMs: 1 })).toBe('done')
    expect(tries).toBe(4)
  })

  test('gives up with the last failure', async () => {
    const failure = down()
    const work = () => Promise.reject(failure)
    await expect(waitForDatabase(work, log, { patienceMs: 20, pauseMs: 1 })).rejects.toBe(failure)
  })

  test('does not try again what will never work', async () => {
    let tries = 0
    const failure = new Error('a newer schema')
    const work = () => {
      tries++
      return Promise.reject(failure)
    }
    await expect(waitForDatabase(work, log, { patienceMs: 60_000, pauseMs: 1 })).rejects.toBe(failure)
    expect(tries).toBe(1)
  })
})
