import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runBinary, startBinary } from '../support/binary.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { createVisitor } from '../support/visitor.ts'

setDefaultTimeout(60_000)

describe('the command line of the executable', () => {
  test('help, version and the table of settings', () => {
    const help = runBinary(['help'])
    expect([help.status, help.stderr]).toEqual([0, ''])
    for (const word of ['serve', 'migrate', 'version', 'help config']) expect(help.stdout).toContain(word)
    expect(runBinary(['--help']).stdout).toBe(help.stdout)

    const version = runBinary(['version'])
    expect([version.status, version.stderr]).toEqual([0, ''])
    expect(version.stdout).toMatch(/\d+\.\d+\.\d+/)

    const settings = runBinary(['help', 'config'])
    expect(settings.status).toBe(0)
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'REDIS_HOST',
      'SMTP_HOST',
      'LIMIT_CHAT_IP',
      'DEEPSEEK_API_KEY',
    ]) {
      expect(settings.stdout).toContain(name)
    }
  })

  test('an unknown word gets help and status 2', () => {
    const { status, stdout, stderr } = runBinary(['dance'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('dance')
    expect(stderr).toContain('serve')
    expect(runBinary(['help', 'dance']).status).toBe(2)
  })

  test('wrong settings: every fault at once, no secret, nothing started or written', () => {
    const folder = tempFolder('faults')
    const { status, stdout, stderr } = runBinary(['serve'], {
      folder,
      env: {
        PORT: 'five thousand',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://root:hunter2-database@localhost/chat',
        REDIS_HOST: 'localhost',
        REDIS_PORT: '70000',
        LIMIT_LOGIN_IP: 'ten a minute',
        SECRET_KEY: 'short-hunter2',
        MAX_HISTORY: '-1',
        DEEPSEEK_API_KEY: 'sk-hunter2 # the key of the team',
      },
    })
    expect(status).toBe(78)
    const names = [
      'PORT',
      'LOG_LEVEL',
      'DATABASE_URL',
      'REDIS_PORT',
      'LIMIT_LOGIN_IP',
      'SECRET_KEY',
      'MAX_HISTORY',
    ]
    for (const name of [...names, 'DEEPSEEK_API_KEY']) expect(stderr).toMatch(new RegExp(`\\b${name}\\b`))
    expect(stdout + stderr).not.toContain('hunter2')
    expect(readdirSync(folder)).toEqual([])
  })

  test('in production it refuses what is fine at home', () => {
    const { status, stderr } = runBinary(['serve'], {
      env: { ENVIRONMENT: 'production', SECRET_KEY: 'change-me', DEBUG_RETURN_RESET_TOKEN: '1' },
    })
    expect(status).toBe(78)
    for (const name of ['SECRET_KEY', 'DEBUG_RETURN_RESET_TOKEN', 'FRONTEND_BASE_URL'])
      expect(stderr).toContain(name)
  })

  test('files of the working directory do not change it', async () => {
    const folder = tempFolder('stray')
    writeFileSync(join(folder, '.env'), 'SITE_NAME=Stray\nLOG_LEVEL=loud\n')
    writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./stray.ts"]\n')
    writeFileSync(join(folder, 'stray.ts'), "require('node:fs').writeFileSync('stray-ran', '')\n")
    const binary = await startBinary({ folder })
    expect(existsSync(join(folder, 'stray-ran'))).toBe(false)
    await binary.stop()
  })

  test('a port in use: it says so and ends', async () => {
    const binary = await startBinary()
    const { status, stderr } = runBinary(['serve'], { env: { PORT: String(binary.port) } })
    expect(status).toBe(1)
    expect(stderr).toContain(`127.0.0.1:${binary.port}`)
    expect((await fetch(`${binary.url}/livez`)).status).toBe(200)
    await binary.stop()
  })

  test('a second process on the same data is refused', async () => {
    const binary = await startBinary()
    const { status, stderr } = runBinary(['serve'], { folder: binary.folder, env: { PORT: '0' } })
    expect(status).toBe(1)
    expect(stderr).toMatch(/in use|already/i)
    expect((await fetch(`${binary.url}/readyz`)).status).toBe(200)
    await binary.stop()
  })

  test('migrate brings the database up to date and ends', async () => {
    const folder = tempFolder('migrate')
    expect(runBinary(['migrate'], { folder }).status).toBe(0)
    expect(runBinary(['migrate'], { folder }).status).toBe(0)
    const binary = await startBinary({ folder })
    const person = { email: 'a@example.com', password: 'correct horse 1' }
    expect((await createVisitor(binary.url).post('/auth/register', person)).status).toBe(201)
    await binary.stop()
  })
})
