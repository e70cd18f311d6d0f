import type { Deps } from '../../deps.ts'
import { version } from '../../lib/version.ts'
import { countLive, type Live } from '../chat/count-live.ts'
import { countWaiting } from '../mail/count-waiting.ts'
import { getRecentCalls, type Recent } from '../usage/get-recent-calls.ts'
import { checkFiles, type FilesHealth } from './check-files.ts'
import { findDatabaseVersion } from './store.ts'

export interface Overview {
  live: Live
  recent: Recent
  mail: { waiting: number; failing: number }
  files: FilesHealth
  versions: { service: string; runtime: string; database: string }
  /** Of this process. */
  memoryBytes: number
}

/** How the service does: what is under way, what went wrong lately, and what it stands on. */
export async function getOverview(deps: Deps): Promise<Overview> {
  const [live, recent, mail, files, database] = await Promise.all([
    countLive(deps),
    getRecentCalls(deps),
    countWaiting(deps),
    checkFiles(deps),
    findDatabaseVersion(deps.db),
  ])
  return {
    live,
    recent,
    mail,
    files,
    versions: { service: version, runtime: `Bun ${Bun.version}`, database: `PostgreSQL ${database}` },
    memoryBytes: process.memoryUsage.rss(),
  }
}
