import { formatNumber } from '../../format.ts'
import { dataTexts } from '../../texts/data.ts'
import type { ImportReport } from './import-file.ts'

/** What has come of an import or, after a trial run, would come of it. */
export function ImportReportView({ report }: { report: ImportReport }) {
  const t = dataTexts.value
  const { problems, problem_count } = report
  return (
    <div class="import-report" role="status">
      {report.format !== null && <p class="hint">{t.formatNames[report.format]}</p>}
      <p>
        <strong>{resultOf(report)}</strong>
      </p>
      <ul>
        {restOf(report).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {problems.length > 0 && (
        <details class="filters">
          <summary>
            {t.leftOut} ({formatNumber(problem_count)})
          </summary>
          <ul class="problems">
            {problems.map((problem) => (
              <li key={`${problem.index} ${problem.code}`}>
                <span>{problem.title ?? t.untitled}</span>
                <small class="hint">
                  {wordsFor(problem)}
                  {problem.count > 1 && ` ${t.times(formatNumber(problem.count))}`}
                </small>
              </li>
            ))}
          </ul>
          {problem_count > problems.length && (
            <p class="hint">{t.moreProblems(formatNumber(problem_count - problems.length))}</p>
          )}
        </details>
      )}
    </div>
  )
}

function resultOf({ format, dry_run, conversations, messages }: ImportReport): string {
  const t = dataTexts.value
  if (format === null) return t.emptyFile
  if (conversations.imported === 0) return dry_run ? t.wouldImportNothing : t.didImportNothing
  const say = dry_run ? t.wouldImport : t.didImport
  return say(formatNumber(conversations.imported), formatNumber(messages.imported))
}

function restOf({ conversations, messages }: ImportReport): string[] {
  const t = dataTexts.value
  const lines: [number, (count: string) => string][] = [
    [conversations.duplicates, t.duplicates],
    [conversations.changed, t.changed],
    [conversations.skipped, t.skipped],
    [messages.skipped, t.skippedMessages],
  ]
  return lines.flatMap(([count, say]) => (count === 0 ? [] : [say(formatNumber(count))]))
}

/** A kind that is younger than this page is told as the service tells it. */
function wordsFor({ code, message }: ImportReport['problems'][number]): string {
  const known: Partial<Record<string, string>> = dataTexts.value.problems
  return known[code] ?? message
}
