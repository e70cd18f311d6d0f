import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { type Services, startServices } from '../test/support/services.ts'
import { tempFolder } from '../test/support/temp-folder.ts'
import { check } from './check.ts'
import { installPackages } from './install-packages.ts'
import { installPrograms } from './install-programs.ts'
import { makeAssets } from './make-assets.ts'
import { type Outcome, runTests } from './run-tests.ts'

// bun run test [--quick] [--require-all] [files and options of `bun test`]
//   --quick        neither format, lint, types nor a new executable
//   --require-all  nothing may be skipped; the same as CI=true
const words = process.argv.slice(2)
const isQuick = take('--quick')
const requiresAll = take('--require-all') || /^(1|true)$/i.test(process.env.CI ?? '')
const root = join(import.meta.dir, '..')

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort())

const { passed, failed, skipped } = await testAll()
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed > 0 ? 1 : 0)

async function testAll(): Promise<Outcome> {
  await installPackages()
  const missing = await installPrograms()
  let failedSteps = 0
  if (missing.length > 0 && requiresAll) {
    console.log(`FAILED: nothing may be skipped, and these are missing: ${missing.join(', ')}`)
    failedSteps++
  }
  if (isQuick) {
    if (!makeAssets()) failedSteps++
  } else {
    if (!check()) failedSteps++
    if (!build()) failedSteps++
  }
  const outcome = await testWithServices()
  const mustNotSkip = requiresAll && outcome.skipped > 0
  if (mustNotSkip) console.log(`FAILED: nothing may be skipped, and ${outcome.skipped} tests were`)
  return { ...outcome, failed: outcome.failed + failedSteps + (mustNotSkip ? 1 : 0) }
}

/** The executable that the end-to-end tests run; an old one must not pass for a new one. */
function build(): boolean {
  rmSync(join(root, 'dist/cloudchat'), { force: true })
  const { status } = spawnSync(process.execPath, ['ops/build.ts', '--only-native'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) console.log('build: FAILED')
  return status === 0
}

async function testWithServices(): Promise<Outcome> {
  // Everything that tests leave behind is in here, and goes with it.
  process.env.TMPDIR = tempFolder('test')
  const outcomes = await Promise.all(sideBySide().map(testInTurn))
  const sum = (count: keyof Outcome) => outcomes.flat().reduce((total, outcome) => total + outcome[count], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

type NextFiles = () => string[] | undefined

/**
 * For each that tests beside the others, which files are next. One begins with those that drive an executable, two with
 * the rest; who has finished helps the others out with pages, which mind that least.
 */
function sideBySide(): NextFiles[] {
  if (words.length > 0) {
    const all = [words]
    return [() => all.shift()]
  }
  const files = [...new Glob('test/**/*.test.ts').scanSync(root)].map((path) => path.replaceAll('\\', '/'))
  const [pages, programs, others] = [/^test\/e2e\/page/, /^test\/e2e\/(?!page)/, /^test\/(?!e2e\/)/].map(
    (kind) => files.filter((path) => kind.test(path)).sort(),
  )
  const executable = [...inParts(programs ?? [], 5), ...inParts(pages ?? [], 3)]
  const rest = inParts(others ?? [], 40)
  return [
    () => executable.shift() ?? rest.shift(),
    () => rest.shift() ?? executable.pop(),
    () => rest.shift() ?? executable.pop(),
  ]
}

function inParts(paths: string[], size: number): string[][] {
  const count = Math.ceil(paths.length / size)
  return Array.from({ length: count }, (_, at) =>
    paths.slice(at * size, (at + 1) * size).map((path) => `./${path}`),
  )
}

/** With services of its own: a test may empty the store that it uses. What would be mixed is shown when it has ended. */
async function testInTurn(next: NextFiles): Promise<Outcome[]> {
  const services = await startServicesIfPossible()
  const env: Record<string, string> = requiresAll ? { TEST_REQUIRE_ALL: '1' } : {}
  if (services) {
    env.TEST_POSTGRES_URL = services.postgresUrl
    env.TEST_PGBOUNCER_URL = services.pgbouncerUrl
    env.TEST_REDIS_URL = services.redisUrl
  }
  const outcomes: Outcome[] = []
  for (let files = next(); files !== undefined; files = next()) {
    const kept: Buffer[] = []
    const show = (output: Buffer) => void process.stderr.write(output)
    const keep = words.length > 0 ? show : (output: Buffer) => void kept.push(output)
    outcomes.push(await runTests(files, env, interruption.signal, keep))
    kept.forEach(show)
  }
  await services?.stop()
  return outcomes
}

async function startServicesIfPossible(): Promise<(Services & { stop(): Promise<void> }) | null> {
  try {
    return await startServices()
  } catch (error) {
    console.log(`No PostgreSQL, PgBouncer and Redis: ${error instanceof Error ? error.message : error}`)
    return null
  }
}

function take(word: string): boolean {
  const at = words.indexOf(word)
  if (at >= 0) words.splice(at, 1)
  return at >= 0
}
