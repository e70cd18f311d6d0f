import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import type { EventReader, StreamEvent } from '../../http/event-reader.ts'
import { describeError } from '../../lib/describe-error.ts'
import { problemOf } from '../../lib/problem.ts'
import type { ImportReport } from './import-report.ts'
import { viewOfProgress, viewOfReport } from './report-view.ts'

const betweenLooksMs = 500

/** What is under way, as it goes. */
export interface RunningImport {
  report: Promise<ImportReport>
  /** null: nothing yet. */
  progress(): ImportReport | null
  stop(): void
}

/** The events of an import: `progress` twice a second, then `report` or `error`. */
export function followImport({ log }: Pick<Deps, 'log'>, running: RunningImport): EventReader {
  const last = running.report.then(
    (report): StreamEvent => ({ type: 'report', data: JSON.stringify(viewOfReport(report)) }),
    (error: unknown): StreamEvent => ({ type: 'error', data: JSON.stringify(problemOf(toAppError(error))) }),
  )
  let hasBegun = false
  let isOver = false

  async function next(): Promise<StreamEvent[] | null> {
    if (isOver) return null
    const event = hasBegun ? await Promise.race([last, Bun.sleep(betweenLooksMs)]) : null
    hasBegun = true
    if (!event) return [{ type: 'progress', data: JSON.stringify(viewOfProgress(running.progress())) }]
    isOver = true
    return [event]
  }

  function toAppError(error: unknown): AppError {
    const known = findAppError(error)
    if (known !== null) return known
    log.error({ error: describeError(error) }, 'an import failed')
    return new AppError('internal', 'Something went wrong')
  }

  return { next, close: running.stop }
}
