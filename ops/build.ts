import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { packageManager } from '../package.json'
import { installPackages } from './install-packages.ts'
import { makeAssets } from './make-assets.ts'

// bun run build [--only-native]
//   dist/cloudchat            for this machine
//   dist/cloudchat-baseline   the same under the name that people with old processors look for (Linux x64), unless --only-native
const root = join(import.meta.dir, '..')
const isOnlyNative = process.argv.includes('--only-native')

refuseOtherBun()
await installPackages()
if (!makeAssets()) process.exit(1)
compile('cloudchat')
if (!isOnlyNative) makeBaseline()

/** The runtime becomes part of the executable, and every fact that this project relies on was measured on one. */
function refuseOtherBun(): void {
  if (packageManager === `bun@${Bun.version}`) return
  console.error(
    `This needs ${packageManager}, and this is Bun ${Bun.version}: npx -y ${packageManager} run build`,
  )
  process.exit(1)
}

function compile(name: string): void {
  const fileName = process.platform === 'win32' ? `${name}.exe` : name
  const dist = join(root, 'dist')
  mkdirSync(dist, { recursive: true })
  const fresh = mkdtempSync(join(dist, 'build-'))
  try {
    run([
      'build',
      '--compile',
      '--minify',
      '--bytecode',
      '--format=esm',
      // What one command or one setting needs is not loaded, nor its code kept, where it is not asked for.
      '--splitting',
      // Kept inside, so that a stack in the log names our files and lines.
      '--sourcemap=linked',
      // A file that happens to lie where the program is started must not change it.
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
      `--define=BUILD_COMMIT=${JSON.stringify(commit())}`,
      '--asset=./dist/assets',
      '--asset=./drizzle',
      'src/main.ts',
      'src/db/embedded-worker.ts',
      `--outfile=${join(fresh, fileName)}`,
    ])
    renameSync(join(fresh, fileName), join(dist, fileName))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  const megabytes = Math.round(statSync(join(dist, fileName)).size / 1e6)
  console.log(`dist/${fileName}  ${megabytes} MB`)
}

/**
 * The same file under the name that people look for: since Bun 1.4 there is one runtime for all x64 processors from
 * 2008 on, which finds out at run time what they can do.
 */
function makeBaseline(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log('No dist/cloudchat-baseline: it is for Linux on x64, and made there')
    return
  }
  const baseline = join(root, 'dist', 'cloudchat-baseline')
  rmSync(baseline, { force: true })
  linkSync(join(root, 'dist', 'cloudchat'), baseline)
  console.log('dist/cloudchat-baseline')
}

/** Short, or nothing where there is no repository. */
function commit(): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=10', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : ''
}

function run(words: string[]): void {
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  console.error(`bun ${words[0]} failed`)
  process.exit(1)
}
