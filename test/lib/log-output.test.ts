import { describe, expect, test } from 'bun:test'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { createLogOutput } from '../../src/lib/log-output.ts'
import { tempFolder } from '../support/temp-folder.ts'

function setUp() {
  const path = join(tempFolder('log'), 'log')
  const output = createLogOutput(openSync(path, 'a'))
  return {
    log: pino({ base: null, timestamp: false }, output),
    output,
    read: () => readFileSync(path, 'utf8'),
  }
}

describe('createLogOutput', () => {
  test('lines come out soon, by themselves and in order', async () => {
    const { log, read } = setUp()
    for (let n = 0; n < 3000; n++) log.info({ n })
    while (!read().includes('"n":2999')) await Bun.sleep(1)
    const numbers = read()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).n)
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, n) => n))
  })

  test('an error is written at once, with all before it', () => {
    const { log, read } = setUp()
    log.info('before')
    log.error('broken')
    expect(read()).toMatch(/before.*\n.*broken/)
  })

  test('flushing writes what waits', () => {
    const { log, output, read } = setUp()
    log.info('waiting')
    output.flushSync()
    expect(read()).toContain('waiting')
  })

  test('the end of the process loses nothing', async () => {
    const log = join(import.meta.dir, '../../src/lib/log.ts')
    const script = `import { createLog } from ${JSON.stringify(log)}; createLog('info').info('last words'); process.exit(0)`
    const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' })
    expect(await new Response(child.stdout).text()).toContain('last words')
  })

  test('a reader who has gone does not end the process', async () => {
    const log = join(import.meta.dir, '../../src/lib/log.ts')
    const script = `
      import { createLog } from ${JSON.stringify(log)}
      const log = createLog('info')
      for (let n = 0; n < 50; n++) { log.error('nobody hears this'); await Bun.sleep(1) }
      process.exit(7)`
    const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'pipe' })
    await child.stdout.cancel()
    expect(await child.exited).toBe(7)
  })
})
