import { createReport, type ImportReport } from './import-report.ts'

/** A report as clients see it. */
export function viewOfReport(report: ImportReport) {
  return {
    format: report.format,
    dry_run: report.isDryRun,
    conversations: report.conversations,
    messages: report.messages,
    problems: report.problems,
    problem_count: report.problemCount,
  }
}

/** How far it is; null: at its beginning. */
export function viewOfProgress(report: ImportReport | null) {
  const { conversations, messages } = report ?? createReport(false)
  return { conversations, messages }
}
