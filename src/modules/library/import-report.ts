/** Why something of an archive is not here, or not as it was. */
export type ProblemCode =
  | 'images'
  | 'audio'
  | 'files'
  | 'tools'
  | 'unknown_content'
  | 'empty_messages'
  | 'cut_messages'
  | 'broken_tree'
  | 'missing_questions'
  | 'tags'
  | 'model'
  | 'changed'
  | 'no_messages'
  | 'not_a_conversation'
  | 'too_large'
  | 'too_deep'

/** How often each was met in one conversation. */
export type Problems = Map<ProblemCode, number>

export function meet(problems: Problems, code: ProblemCode, times = 1): void {
  problems.set(code, (problems.get(code) ?? 0) + times)
}

export interface ImportReport {
  /** null: there was no conversation in it. */
  format: ArchiveFormat | null
  isDryRun: boolean
  conversations: { imported: number; duplicates: number; changed: number; skipped: number }
  messages: { imported: number; skipped: number }
  /** The first of them. */
  problems: Problem[]
  problemCount: number
}

export type ArchiveFormat = 'cloudchat' | 'chatgpt' | 'claude'

export interface Problem {
  /** Place of the conversation in the archive, from 0 on. */
  index: number
  title: string | null
  code: ProblemCode
  count: number
  message: string
}

const maxProblems = 200

export function createReport(isDryRun: boolean): ImportReport {
  return {
    format: null,
    isDryRun,
    conversations: { imported: 0, duplicates: 0, changed: 0, skipped: 0 },
    messages: { imported: 0, skipped: 0 },
    problems: [],
    problemCount: 0,
  }
}

export function addProblems(
  report: ImportReport,
  { index, title }: { index: number; title: string | null },
  problems: Problems,
): void {
  for (const [code, count] of problems) {
    report.problemCount++
    if (report.problems.length >= maxProblems) continue
    report.problems.push({ index, title, code, count, message: messages[code] })
  }
}

const messages: Record<ProblemCode, string> = {
  images: 'Pictures were left out; [image] stands in their place',
  audio: 'Recordings were left out; [audio] stands in their place',
  files: 'Files were left out; their names stand in their place',
  tools: 'Calls of tools and what these answered were left out',
  unknown_content: 'Content of an unknown kind was left out',
  empty_messages: 'Messages without text were left out',
  cut_messages: 'Messages were longer than a message may be: the rest was left out',
  broken_tree: 'Messages that follow nothing were put at the beginning, or left out where they go in circles',
  missing_questions: 'Answers without a question: an ellipsis stands in its place',
  tags: 'Tags were left out: not fit to be names, or too many',
  model: 'The model it was set to does not exist here: the default is used',
  changed: 'It was imported before and has changed since: left out',
  no_messages: 'Nothing was said in it: left out',
  not_a_conversation: 'It is no conversation of this format: left out',
  too_large: 'It is larger than a conversation may be: left out',
  too_deep: 'It is nested more deeply than any conversation: left out',
}
