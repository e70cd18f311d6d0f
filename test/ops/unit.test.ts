import { expect, setDefaultTimeout, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '../../src/config/settings.ts'
import { binaryPath, runBinary, startBinary } from '../support/binary.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { hasPrograms } from '../support/services.ts'
import { describeOnStacks } from '../support/stacks.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { startUpstream } from '../support/upstream.ts'
import { createVisitor } from '../support/visitor.ts'
import { createSandbox } from './sandbox.ts'
import { assignmentsOf } from './settings-file.ts'

setDefaultTimeout(60_000)

const unitFile = 'ops/systemd/cloudchat.service'
const unit = Object.fromEntries(assignmentsOf(unitFile))
const hasSystemd = hasPrograms('systemd-analyze')

test.skipIf(!hasSystemd)('systemd understands the unit and the drop-ins', () => {
  expect(faultsOf(readFileSync(unitFile, 'utf8'))).toBe('')
  expect(faultsOf('[Service]\nExecStart=/bin/true\nMemoryMaximum=1\n')).toContain('MemoryMaximum')
})

test.skipIf(!hasSystemd)('little of the system is exposed to the service', () => {
  const words = ['security', '--offline=yes', '--threshold=20', '--no-pager', unitFile]
  const { status, stdout } = spawnSync('systemd-analyze', words, { encoding: 'utf8' })
  expect(`${status} ${stdout.split('\n').at(-2)}`).toMatch(/^0 .*exposure level/)
})

test('it waits for the answers under way, and does not repeat what settings forbid', () => {
  expect(Number(unit.TimeoutStopSec)).toBeGreaterThan(Number(settings.DRAIN_SECONDS.default) + 5)
  expect(runBinary(['serve'], { env: { PORT: 'abc' } }).status).toBe(Number(unit.RestartPreventExitStatus))
})

test('every kernel setting exists', () => {
  const names = assignmentsOf('ops/sysctl/60-cloudchat.conf').map(([name]) => name)
  const unknown = names.filter((name) => !existsSync(`/proc/sys/${name.replaceAll('.', '/')}`))
  expect(process.platform === 'linux' ? unknown : []).toEqual([])
})

test.skipIf(process.platform !== 'linux')(
  'in the sandbox it works, and keeps its folder to itself',
  async () => {
    const { prefix, folder } = createSandbox()
    const service = await startBinary({ prefix, folder, env: { DATA_DIR: join(folder, 'data') } })
    const visitor = createVisitor(service.url)
    const person = { email: 'ren.da@example.com', password: 'correct horse 1' }
    expect((await visitor.post('/auth/register', person)).status).toBe(201)
    expect(await visitor.chat('hello')).toContain('hello')
    const threads = /^Threads:\s*(\d+)/m.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1]
    expect(Number(threads)).toBeLessThan(Number(unit.TasksMax) / 2)
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0)
    await service.stop()
  },
)

describeOnStacks('what it asks of the kernel', (stack) => {
  test.skipIf(!hasSystemd || !hasPrograms('strace'))('is what the unit allows', async () => {
    const trace = join(tempFolder('trace'), 'calls')
    const upstream = startUpstream()
    const app = await startBinaryOnStack(stack, {
      // By name, so that names are looked up.
      upstream: upstream.url.replace('127.0.0.1', 'localhost'),
      prefix: ['strace', '-D', '-f', '-qq', '-o', trace],
    })
    const visitor = app.visitor()
    await visitor.post('/auth/register', { email: 'ren.da@example.com', password: 'correct horse 1' })
    expect(await visitor.chat('hello')).not.toBe('')
    await app[Symbol.asyncDispose]()
    await upstream.stop()

    const calls = readFileSync(trace, 'utf8')
    const used = new Set([...calls.matchAll(/^\d+ +(\w+)\(/gm)].map(([, name = '']) => name))
    const allowed = callsOf(unit.SystemCallFilter ?? '')
    expect(used.size).toBeGreaterThan(40)
    expect([...used].filter((name) => !allowed.has(name))).toEqual([])
    const families = new Set([...calls.matchAll(/ socket\((\w+)/g)].map(([, family = '']) => family))
    expect(unit.RestrictAddressFamilies?.split(' ')).toEqual(expect.arrayContaining([...families]))
  })
})

/** What `systemd-analyze verify` has to say of this unit, with our drop-ins on units of other names. */
function faultsOf(text: string): string {
  const folder = tempFolder('units')
  const name = 'cloudchat-test.service'
  writeFileSync(join(folder, name), text.replace('/opt/cloudchat/cloudchat', binaryPath))
  mkdirSync(join(folder, `${name}.d`))
  for (const file of readdirSync('ops/systemd').filter((one) => one.endsWith('-memory.conf')))
    cpSync(join('ops/systemd', file), join(folder, `${name}.d`, file))
  const words = ['verify', '--man=no', join(folder, name)]
  const { status, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' })
  const ours = stderr.split('\n').filter((line) => line.includes('cloudchat-test'))
  return ours.length > 0 ? ours.join('\n') : status === 0 ? '' : stderr
}

/** The system calls in a group of systemd's, its own groups and what is always allowed included. */
function callsOf(group: string): Set<string> {
  const words = ['syscall-filter', group, '@default']
  const { stdout } = spawnSync('systemd-analyze', words, { encoding: 'utf8' })
  const names = [...stdout.matchAll(/^ +(@?[\w-]+)$/gm)].map(([, name = '']) => name)
  return new Set(
    names.flatMap((name) => (name.startsWith('@') && name !== group ? [...callsOf(name)] : [name])),
  )
}
