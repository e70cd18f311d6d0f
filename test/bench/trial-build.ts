import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../support/temp-folder.ts'

const root = join(import.meta.dir, '../..')

/** One place of the source, and what stands there in a trial. */
export interface Edit {
  file: string
  from: string
  to: string
}

/**
 * Builds the executable from a copy of the source in which one place is another, and answers with its path: so that
 * what a part costs can be measured without a setting that leaves it out. Throws where that place is not there once.
 */
export function buildTrial({ file, from, to }: Edit): string {
  const folder = tempFolder('trial-build')
  for (const name of ['src', 'drizzle', 'ops', 'dist/assets', 'dist/stamps']) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  for (const name of ['package.json', 'bun.lock', 'bunfig.toml', 'tsconfig.json', 'node_modules']) {
    symlinkSync(join(root, name), join(folder, name))
  }
  const source = readFileSync(join(folder, file), 'utf8')
  if (source.split(from).length !== 2) throw new Error(`${file} does not have "${from}" once`)
  writeFileSync(join(folder, file), source.replace(from, to))
  const build = spawnSync(process.execPath, ['ops/build.ts', '--only-native'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (build.status !== 0) throw new Error(`the trial could not be built: ${build.stderr}`)
  return join(folder, 'dist/cloudchat')
}
