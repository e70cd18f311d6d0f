import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
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

  // A pipe that nobody empties holds 64 KiB: no Windows has such pipes in its file system.
  test.skipIf(process.platform === 'win32')('a reader who stops reading holds nobody up', async () => {
    const { reader, writer } = makePipe()
    const log = join(import.meta.dir, '../../src/lib/log.ts')
    const script = `
      import { createLog } from ${JSON.stringify(log)}
      const log = createLog('info')
      for (let n = 0; n < 20; n++) { log.info('x'.repeat(10_000)); await Bun.sleep(1) }
      console.error('alive')
      for await (const _ of Bun.stdin.stream()) break
      log.info('last words')
      await Bun.sleep(100)`
    const child = Bun.spawn([process.execPath, '-e', script], {
      stdin: 'pipe',
      stdout: writer,
      stderr: 'pipe',
    })
    closeSync(writer)
    const { value } = await child.stderr.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('alive\n')

    const lines = readAll(reader)
    child.stdin.write('go on')
    child.stdin.end()
    const messages = (await lines)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg)
    expect(messages).toHaveLength(21)
    expect(messages.at(-1)).toBe('last words')
  })
})

function makePipe() {
  const path = join(tempFolder('pipe'), 'pipe')
  spawnSync('mkfifo', [path])
  // In this order neither waits for the other.
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { reader, writer: openSync(path, constants.O_WRONLY) }
}

/** To its end. */
async function readAll(fd: number): Promise<string> {
  let text = ''
  const part = Buffer.alloc(64 * 1024)
  for (;;) {
    try {
      const length = readSync(fd, part)
      if (length === 0) return text
      text += part.toString('utf8', 0, length)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await Bun.sleep(1)
    }
  }
}
