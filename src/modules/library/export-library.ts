import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { maxZipFiles, writeZip } from '../../lib/write-zip.ts'
import { noConversation } from '../conversations/get-conversation.ts'
import { asJson } from './as-json.ts'
import { asMarkdown, asMarkdownFiles } from './as-markdown.ts'
import { type LibrarySize, measureLibrary, type Scope } from './export-store.ts'
import { toFileName } from './file-name.ts'
import { type LibraryConversation, readLibrary } from './read-library.ts'

export type ExportFormat = 'json' | 'markdown'

export interface Export {
  fileName: string
  mediaType: string
  /** When it was begun. */
  size: LibrarySize
  /** The file, made while it is read. */
  pieces: AsyncGenerator<string | Uint8Array<ArrayBuffer>>
}

/** One conversation. Throws `not_found`. */
export async function exportConversation(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  userId: number,
  id: string,
  format: ExportFormat,
): Promise<Export> {
  const scope = { ids: [id] }
  const size = await measureLibrary(db, userId, scope)
  const conversations = readLibrary(db, userId, scope, format === 'json' ? 'tree' : 'branch')
  const { value: conversation } = await conversations.next()
  if (!conversation) throw noConversation()
  const name = toFileName(conversation.title)
  if (format === 'json') return jsonFile(`${name}.json`, size, asJson(one(conversation), now()))
  return { fileName: `${name}.md`, mediaType: markdownType, size, pieces: asMarkdown(conversation) }
}

/**
 * Many conversations or all: one JSON file, or an archive with a Markdown file for each. Throws `not_found` when one of
 * those that are named is not there.
 */
export async function exportLibrary(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  userId: number,
  scope: Scope,
  format: ExportFormat,
): Promise<Export> {
  const size = await measureLibrary(db, userId, scope)
  if ('ids' in scope && size.conversations < scope.ids.length) throw noConversation()
  const begun = now()
  const name = `cloudchat-${begun.toISOString().slice(0, 10)}`
  if (format === 'json') {
    return jsonFile(`${name}.json`, size, asJson(readLibrary(db, userId, scope, 'tree'), begun))
  }
  if (size.conversations > maxZipFiles) {
    throw new AppError('invalid_request', `An archive holds ${maxZipFiles} conversations at most`)
  }
  return {
    fileName: `${name}.zip`,
    mediaType: 'application/zip',
    size,
    pieces: writeZip(asMarkdownFiles(readLibrary(db, userId, scope, 'branch'))),
  }
}

const markdownType = 'text/markdown; charset=utf-8'

function jsonFile(fileName: string, size: LibrarySize, pieces: AsyncGenerator<string>): Export {
  return { fileName, mediaType: 'application/json', size, pieces }
}

async function* one(conversation: LibraryConversation): AsyncGenerator<LibraryConversation> {
  yield conversation
}
