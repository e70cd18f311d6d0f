import { describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../support/temp-folder.ts'

test('one process at a time: the second is told which one has it', async () => {
  const dataDir = tempFolder('embedded')
  const first = start(dataDir, 'hold')
  await first.line()
  const [second] = await start(dataDir, 'hold').all()
  expect(second).toEqual({ refused: expect.stringContaining(`(process ${first.child.pid})`) })
  first.child.kill('SIGKILL')
  await first.all()
})

test('after kill -9 it opens again, with every row that was acknowledged', async () => {
  const dataDir = tempFolder('embedded')
  let acknowledged = 0
  for (let round = 0; round < 2; round++) {
    const writer = start(dataDir, 'writeUntilKilled')
    for (let row = 0; row < 50; row++) await writer.line()
    writer.child.kill('SIGKILL')
    acknowledged += 50 + (await writer.all()).filter((finding) => typeof finding === 'number').length
  }
  const [ids] = (await start(dataDir, 'read').all()) as number[][]
  expect(ids?.length).toBeGreaterThanOrEqual(acknowledged)
  // At most the row on its way when the kill came.
  expect(ids?.length).toBeLessThanOrEqual(acknowledged + 2)
})

test('a late statement answers in time and holds up nobody but those behind it', async () => {
  expect(await start(tempFolder('embedded'), 'late').all()).toEqual([
    { slow: 'dependency_down', behind: 'dependency_down', transactionBehind: 'dependency_down' },
    { othersWentOn: true },
    { lateInside: 'dependency_down' },
    [{ id: 4 }],
  ])
})

test('when it dies, every statement says so at once, and the log says what to do', async () => {
  expect(await start(tempFolder('embedded'), 'die').all()).toEqual([
    { log: 'The embedded database has stopped: restart CloudChat' },
    { first: 'dependency_down' },
    { next: 'dependency_down' },
    { transaction: 'dependency_down' },
  ])
})

test('a full disk is trouble that passes, and nobody’s mistake', async () => {
  expect(await start(tempFolder('embedded'), 'fillTheDisk').all()).toEqual([
    { full: 'dependency_down' },
    { inside: 'dependency_down' },
    [{ next: 1 }],
  ])
})

test('it is closed once, and then it is down', async () => {
  const process = start(tempFolder('embedded'), 'closeTwice')
  expect(await process.all()).toEqual([expect.any(Number), { after: 'shutting_down' }])
  expect(process.child.exitCode).toBe(0)
})

describe('the data directory', () => {
  test('belongs to its owner alone', async () => {
    const dataDir = join(tempFolder('embedded'), 'data')
    await start(dataDir, 'closeTwice').all()
    if (process.platform !== 'win32') {
      expect(statSync(dataDir).mode & 0o777).toBe(0o700)
      expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700)
    }
  })

  test('left half filled by a kill is filled anew', async () => {
    const dataDir = tempFolder('embedded')
    await start(dataDir, 'closeTwice').all()
    const unfinished = join(dataDir, 'postgres.unfinished')
    renameSync(join(dataDir, 'postgres'), unfinished)
    writeFileSync(join(unfinished, 'left'), '')
    expect(await start(dataDir, 'closeTwice').all()).toEqual([0, { after: 'shutting_down' }])
    expect(existsSync(unfinished)).toBe(false)
    expect(existsSync(join(dataDir, 'postgres', 'left'))).toBe(false)
  })

  test('has all tables from the beginning', async () => {
    const [migrations] = await start(tempFolder('embedded'), 'closeTwice').all()
    expect(migrations).toBe(0)
  })

  test('of another PostgreSQL is refused, with the way out', async () => {
    const dataDir = tempFolder('embedded')
    mkdirSync(join(dataDir, 'postgres'))
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    const path = join(dataDir, 'postgres')
    const [finding] = await start(dataDir, 'hold').all()
    expect(finding).toEqual({ refused: expect.stringContaining(`mv '${path}' '${path}.pg17'`) })
  })

  test('whose files are damaged is refused, with the way out', async () => {
    const dataDir = tempFolder('embedded')
    await start(dataDir, 'closeTwice').all()
    const path = join(dataDir, 'postgres')
    truncateSync(join(path, 'global', 'pg_control'), 100)
    const refused = expect.stringContaining(`mv '${path}' '${path}.damaged'`)
    expect((await start(dataDir, 'hold').all()).at(-1)).toEqual({ refused })
  })

  test('that is something else is left alone', async () => {
    const dataDir = tempFolder('embedded')
    mkdirSync(join(dataDir, 'postgres'))
    writeFileSync(join(dataDir, 'postgres', 'diary.txt'), 'mine')
    const [finding] = await start(dataDir, 'hold').all()
    expect(finding).toEqual({ refused: expect.stringContaining('not a PostgreSQL data directory') })
    expect(existsSync(join(dataDir, 'postgres', 'diary.txt'))).toBe(true)
  })
})

interface Running {
  child: ChildProcess
  /** The next finding. */
  line(): Promise<unknown>
  /** All that is still to come, once it has ended. */
  all(): Promise<unknown[]>
}

function start(dataDir: string, what: string): Running {
  const script = join(import.meta.dir, 'embedded-process.ts')
  const child = spawn(process.execPath, [script, dataDir, what], { stdio: ['ignore', 'pipe', 'inherit'] })
  const findings = readFindings(child)
  const line = async () => (await findings.next()).value
  const all = async () => {
    const rest: unknown[] = []
    for await (const finding of findings) rest.push(finding)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    return rest
  }
  return { child, line, all }
}

async function* readFindings(child: ChildProcess): AsyncGenerator<unknown> {
  let rest = ''
  for await (const bytes of child.stdout ?? []) {
    const lines = (rest + bytes).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
  }
}
