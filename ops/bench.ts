import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench, Figure } from '../test/bench/figure.ts'
import { tableOf } from '../test/bench/table.ts'
import { tempFolder } from '../test/support/temp-folder.ts'
import { installPackages } from './install-packages.ts'
import { installPrograms } from './install-programs.ts'

// bun run bench [--quick] [--tries N] [name …]
//   --quick    the executable as it is, not a new one
//   --tries N  how often log in and forgot password are tried
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, tries: { type: 'string' } },
  allowPositionals: true,
})

// Loaded when they run: before that, their packages may not be installed.
const benches: Record<string, () => Promise<Bench>> = {
  'idle-memory': async () => (await import('../test/bench/idle-memory.ts')).idleMemory,
  'start-up': async () => (await import('../test/bench/start-up.ts')).startUp,
  chat: async () => (await import('../test/bench/chat.ts')).chat,
  'open-streams': async () => (await import('../test/bench/open-streams.ts')).openStreams,
  gateway: async () => (await import('../test/bench/gateway.ts')).gateway,
  turn: async () => (await import('../test/bench/turn.ts')).turn,
  mirroring: async () => (await import('../test/bench/mirroring.ts')).mirroring,
  'first-token': async () => (await import('../test/bench/first-token.ts')).firstToken,
  followers: async () => (await import('../test/bench/followers.ts')).followers,
  resume: async () => (await import('../test/bench/resume.ts')).resume,
  lists: async () => (await import('../test/bench/lists.ts')).lists,
  statistics: async () => (await import('../test/bench/statistics.ts')).statistics,
  others: async () => (await import('../test/bench/others.ts')).others,
  'auth-me': async () => (await import('../test/bench/auth-me.ts')).authMe,
  'log-in-timing': async () => (await import('../test/bench/log-in-timing.ts')).logInTiming,
  export: async () => (await import('../test/bench/export.ts')).exportAndImport,
  search: async () => (await import('../test/bench/search.ts')).search,
  'first-page': async () => (await import('../test/bench/first-page.ts')).firstPage,
  'page-feel': async () => (await import('../test/bench/page-feel.ts')).pageFeel,
  markdown: async () => (await import('../test/bench/markdown.ts')).markdown,
  decoder: async () => (await import('../test/bench/decoder.ts')).decoder,
}

const root = join(import.meta.dir, '..')

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
const names = namesOrExit(positionals)
const hadPackages = existsSync(join(root, 'node_modules'))
if (!(await prepare())) process.exit(1)
process.exit((hadPackages ? await run(names) : runAnew()) ? 0 : 1)

function namesOrExit(wanted: string[]): string[] {
  const unknown = wanted.filter((name) => !benches[name])
  if (unknown.length === 0) return wanted.length > 0 ? wanted : Object.keys(benches)
  console.log(`No such bench: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

async function prepare(): Promise<boolean> {
  if (process.platform !== 'linux') {
    console.log('The benches read /proc: they run on Linux.')
    return false
  }
  await installPackages()
  const missing = await installPrograms(['postgres', 'pgbouncer', 'redis-server', 'nginx', 'wrk', 'chromium'])
  if (missing.length > 0) return false
  if (values.quick) return true
  return (
    spawnSync(process.execPath, ['ops/build.ts', '--only-native'], { cwd: root, stdio: 'inherit' }).status ===
    0
  )
}

/** Threads of a process that began without packages do not find them. */
function runAnew(): boolean {
  const words = [import.meta.path, '--quick', ...process.argv.slice(2)]
  return spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' }).status === 0
}

/** One after the other; one that breaks does not keep the others from running. */
async function run(names: string[]): Promise<boolean> {
  process.env.TMPDIR = tempFolder('bench')
  const tries = values.tries === undefined ? null : Number(values.tries)
  const figures: Figure[] = []
  const broken: string[] = []
  for (const name of names) {
    const begun = performance.now()
    try {
      const bench = await benches[name]?.()
      figures.push(...((await bench?.({ tries })) ?? []))
      console.log(`${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`)
    } catch (error) {
      broken.push(name)
      console.log(`${name}: BROKEN`, error)
    }
  }
  console.log(`\n${tableOf(figures)}`)
  if (broken.length > 0) console.log(`\nbroken: ${broken.join(', ')}`)
  return broken.length === 0
}
