import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createEmbeddedClient } from '../../src/db/embedded-client.ts'
import type { Thread } from '../../src/db/embedded-thread.ts'
import { migrate } from '../../src/db/migrate.ts'
import { listMigrations } from '../../src/db/migrations.ts'
import { type Row, toDb } from '../../src/db/sql-client.ts'
import { makeOnce } from './stamp.ts'

/**
 * The embedded PostgreSQL's own files and a data directory, tables and all, made ahead: making one at the first start would take
 * four seconds and a gigabyte.
 */
export async function makeDatabase(root: string): Promise<'made' | 'kept'> {
  const packageDir = join(root, 'node_modules', '@electric-sql', 'pglite')
  const inputs = [
    readFileSync(join(packageDir, 'package.json')),
    readFileSync(import.meta.path),
    ...listMigrations().flatMap(({ name, statements }) => [name, ...statements]),
  ]
  const target = join(root, 'dist', 'assets')
  const seedFile = join(target, 'seed.tar.gz')
  return makeOnce(root, 'database', inputs, seedFile, async () => {
    mkdirSync(target, { recursive: true })
    for (const name of ['pglite.wasm', 'pglite.data']) {
      publish(join(target, name), (fresh) => copyFileSync(join(packageDir, 'dist', name), fresh))
    }
    const seed = await makeSeed()
    publish(seedFile, (fresh) => writeFileSync(fresh, seed))
  })
}

/** Small on purpose: WebAssembly memory, once taken, is never given back. */
const settings = [
  "shared_buffers = '6MB'",
  "maintenance_work_mem = '8MB'",
  "work_mem = '2MB'",
  "max_wal_size = '32MB'",
  "min_wal_size = '4MB'",
  "wal_buffers = '128kB'",
  // There is one connection, and nobody works or reads along in the background: tables are laid out for as many.
  'max_connections = 8',
  'superuser_reserved_connections = 1',
  'max_worker_processes = 1',
  'autovacuum_worker_slots = 1',
  'max_wal_senders = 0',
  'max_replication_slots = 0',
]

async function makeSeed(): Promise<Uint8Array> {
  const dir = mkdtempSync(join(tmpdir(), 'cloudchat-seed-'))
  try {
    const database = new PGlite({
      dataDir: join(dir, 'postgres'),
      // A sixteenth of the usual: most of a fresh directory would be one empty segment.
      initDbStartParams: ['--wal-segsize=1'],
    })
    for (const setting of settings) await database.query(`alter system set ${setting}`)
    // With the tables already there, the first start is the start of every other day, in time and in memory.
    await migrate(toDb(createEmbeddedClient(inThisThread(database), 60)))
    await database.query('checkpoint')
    const dump = await database.dumpDataDir('gzip')
    await database.close()
    return new Uint8Array(await dump.arrayBuffer())
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function inThisThread(database: PGlite): Thread {
  return {
    async query(text, params, rowMode) {
      const result =
        params.length > 0
          ? await database.query<Row>(text, params, { rowMode })
          : (await database.exec(text, { rowMode })).at(-1)
      return Object.assign((result?.rows ?? []) as Row[], { command: result?.command ?? '' })
    },
    close: () => database.close(),
  }
}

/** Never half a file where another process may be reading. */
function publish(path: string, write: (fresh: string) => void): void {
  const fresh = `${path}.${process.pid}`
  write(fresh)
  renameSync(fresh, path)
}
