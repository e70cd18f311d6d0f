import { join } from 'node:path'
import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import { assertNotDraining } from '../../lib/lifecycle.ts'
import { countHit } from '../../lib/limits.ts'
import { spool } from '../../lib/spool.ts'
import type { RunningImport } from './follow-import.ts'
import { type ImportPlan, importLibrary } from './import-library.ts'
import { lockImports } from './import-lock.ts'
import type { ImportReport } from './import-report.ts'

export interface ImportRequest extends Pick<ImportPlan, 'wish' | 'gate'> {
  chunks: AsyncGenerator<Uint8Array>
  /** The Content-Type: what is in the file tells more, but of a form. */
  type: string
  /**
   * The whole file is taken before the first word of answer: a browser and nginx stop sending when that comes.
   */
  isFollowed: boolean
}

/**
 * Begins an import and does not wait for its end. Throws `conflict` while another one of this person runs, `rate_limited`,
 * `unsupported_media_type` and `shutting_down`; for one that is followed, also what `chunks` throws.
 */
export async function beginImport(
  deps: Deps,
  userId: number,
  { type, chunks: sent, isFollowed, ...plan }: ImportRequest,
): Promise<RunningImport> {
  assertNotDraining(deps.lifecycle)
  if (/^\s*(multipart|application\/x-www-form-urlencoded)/i.test(type)) {
    throw new AppError('unsupported_media_type', 'The body must be the file itself, not a form')
  }
  await countHit(deps.kv, `rl:import:user:${userId}`, deps.config.limits.importUser)
  const unlock = await lockImports(deps, userId)
  const chunks = isFollowed ? await keep(deps, sent).catch((error) => giveUp(error, unlock)) : sent
  const stopping = new AbortController()
  let progress: ImportReport | null = null
  const report = run()
  // Whoever began it may have left.
  report.catch(() => {})
  return { report, progress: () => progress, stop: () => stopping.abort() }

  async function run(): Promise<ImportReport> {
    try {
      return await importLibrary(deps, userId, {
        ...plan,
        chunks,
        signal: stopping.signal,
        onProgress: (report) => {
          progress = report
        },
      })
    } finally {
      // Of a file that was refused there may be more to come.
      await chunks.return(undefined)
      await unlock()
    }
  }
}

/** On the disk, where there is room for it. */
async function keep(
  { config }: Pick<Deps, 'config'>,
  chunks: AsyncIterable<Uint8Array>,
): Promise<AsyncGenerator<Uint8Array>> {
  try {
    return await spool(chunks, join(config.dataDir, 'imports'))
  } catch (error) {
    if (findAppError(error) !== null) throw error
    throw new AppError('dependency_down', 'There is no room for the file', { cause: error })
  }
}

async function giveUp(error: unknown, unlock: () => Promise<void>): Promise<never> {
  await unlock()
  throw error
}
