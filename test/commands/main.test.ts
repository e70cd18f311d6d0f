import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../support/temp-folder.ts'

setDefaultTimeout(30_000)

const main = join(import.meta.dir, '../../src/main.ts')

/** From source, with nothing of our own environment and an empty folder to stand in. */
function start(words: string[], env: Record<string, string> = {}, cwd = tempFolder('main')) {
  return Bun.spawn([process.execPath, main, ...words], {
    cwd,
    env: { PORT: '0', ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
}

async function run(words: string[], env: Record<string, string> = {}) {
  const child = start(words, env)
  const [status, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { status, stdout, stderr }
}

/** Starts the service and reads its log as far as the line that tells its address. */
async function serve(words: string[] = [], env: Record<string, string> = {}) {
  const child = start(words, env)
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let log = ''
  while (!log.includes('"listening"')) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`it did not start: ${log}${await new Response(child.stderr).text()}`)
    log += value
  }
  const address = /"address":"([^"]+)"/.exec(log)?.[1]
  return { child, url: `http://${address}` }
}

describe('main', () => {
  test('help and version tell and end', async () => {
    for (const word of ['help', '--help', '-h']) {
      const { status, stdout, stderr } = await run([word])
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toContain('help config')
    }
    const { status, stdout } = await run(['version'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^cloudchat \d+\.\d+\.\d+/)
    expect((await run(['help', 'config'])).stdout).toContain('DATABASE_URL')
  })

  test('an unknown word gets help and status 2', async () => {
    for (const words of [['dance'], ['help', 'dance'], ['serve', '--port=80'], ['serve', 'dance']]) {
      const { status, stdout, stderr } = await run(words)
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toContain(words.join(' '))
      expect(stderr).toContain('migrate')
    }
  })

  test('settings that cannot be: each fault on a line, no stack, status 78', async () => {
    const { status, stderr } = await run(['serve'], { PORT: 'many', LOG_LEVEL: 'loud' })
    expect(status).toBe(78)
    expect(stderr).toMatch(/^cloudchat: PORT: /m)
    expect(stderr).toMatch(/^cloudchat: LOG_LEVEL: /m)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('a database that is no database: one line and status 1', async () => {
    const dataDir = tempFolder('broken')
    writeFileSync(join(dataDir, 'postgres'), 'not a folder')
    const { status, stderr } = await run(['serve'], { DATA_DIR: dataDir })
    expect(status).toBe(1)
    expect(stderr).toContain('cloudchat: cannot start: ')
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('a data folder that may not be written to', async () => {
    const locked = tempFolder('locked')
    chmodSync(locked, 0o500)
    // Nothing is locked for root but what the kernel keeps for itself.
    const dataDir = process.getuid?.() === 0 ? '/sys/cloudchat' : locked
    const { status, stderr } = await run(['serve'], { DATA_DIR: dataDir })
    expect(status).toBe(78)
    expect(stderr).toContain('DATA_DIR')
  })

  test('serves without a word or a setting, as its one process, and ends at a signal', async () => {
    const { child, url } = await serve()
    const response = await fetch(`${url}/readyz`)
    expect(response.status).toBe(200)
    if (existsSync(`/proc/${child.pid}/environ`)) {
      expect(readFileSync(`/proc/${child.pid}/environ`, 'utf8')).toContain('BUN_CONFIG_MAX_HTTP_REQUESTS')
    }
    child.kill('SIGTERM')
    expect(await child.exited).toBe(0)
    const banner = await new Response(child.stderr).text()
    expect(banner).toContain(url)
    expect(banner).toContain('DEEPSEEK_API_KEY')
  })

  test('a port in use: the address and status 1', async () => {
    const { child, url } = await serve(['serve'])
    const dataDir = tempFolder('second')
    const { status, stderr } = await run(['serve'], { PORT: new URL(url).port, DATA_DIR: dataDir })
    expect(status).toBe(1)
    expect(stderr).toContain(`${new URL(url).host} is in use`)
    child.kill('SIGINT')
    expect(await child.exited).toBe(0)
  })
})
