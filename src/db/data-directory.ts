import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { join } from 'node:path'
import { assetPath } from '../lib/assets.ts'

/** The major version of PostgreSQL that PGlite is. Its data directories fit no other. */
const postgresMajor = '18'

/**
 * The embedded database's directory, filled from the ready-made one at the first start. Throws, with words for
 * the operator, when there is something else in its place.
 */
export async function prepareDataDirectory(path: string): Promise<void> {
  const versionFile = join(path, 'PG_VERSION')
  if (!existsSync(versionFile)) return fill(path)
  const major = readFileSync(versionFile, 'utf8').trim()
  if (major !== postgresMajor) {
    throw new Error(
      `${path} was made by PostgreSQL ${major}; this CloudChat has PostgreSQL ${postgresMajor} inside. ` +
        `Run the release that made it, or, to begin with an empty database, move the directory away: ` +
        `mv '${path}' '${path}.pg${major}'`,
    )
  }
}

async function fill(path: string): Promise<void> {
  if (existsSync(path) && readdirSync(path).length > 0) {
    throw new Error(`${path} is not empty and not a PostgreSQL data directory. Move it away or set DATA_DIR.`)
  }
  const seed = assetPath('seed.tar.gz')
  if (!existsSync(seed)) throw new Error(`${seed} is missing. Make it with: bun ops/assets.ts`)
  // Half a directory, left by a kill, must never be taken for a database: it gets its name when it is whole.
  const unfinished = `${path}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  chmodSync(unfinished, 0o700)
  await unpack(seed, unfinished)
  rmSync(path, { recursive: true, force: true })
  renameSync(unfinished, path)
}

/** The archive's own errors do not say what was wrong. */
async function unpack(archive: string, folder: string): Promise<void> {
  try {
    await new Bun.Archive(readFileSync(archive)).extract(folder)
  } catch (error) {
    const { bavail, bsize } = statfsSync(folder)
    if (bavail * bsize > roomyBytes) throw error
    throw Object.assign(new Error(`no room in ${folder}`), { code: 'ENOSPC' })
  }
}

/** More than the unpacked directory takes. */
const roomyBytes = 64 * 1024 * 1024
