import type { ZipFile } from '../../lib/write-zip.ts'
import type { StoredMessage } from './export-store.ts'
import { createNames, toFileName } from './file-name.ts'
import type { LibraryConversation } from './read-library.ts'

/** One conversation for people to read: who said what, and when. */
export async function* asMarkdown({ messages, ...about }: LibraryConversation): AsyncGenerator<string> {
  yield `${headOf(about)}\n`
  for await (const page of messages) yield page.map(sectionOf).join('')
}

/** A file for each, named for its title. */
export async function* asMarkdownFiles(
  conversations: AsyncIterable<LibraryConversation>,
): AsyncGenerator<ZipFile> {
  const unique = createNames()
  for await (const conversation of conversations) {
    yield {
      name: `${unique(toFileName(conversation.title))}.md`,
      modifiedAt: conversation.lastMessageAt,
      text: asMarkdown(conversation),
    }
  }
}

function headOf({ title, model, tags, createdAt, lastMessageAt }: Omit<LibraryConversation, 'messages'>) {
  const facts = [
    `- Begun: ${momentOf(createdAt)}`,
    `- Last message: ${momentOf(lastMessageAt)}`,
    ...(model === null ? [] : [`- Model: ${plain(model)}`]),
    ...(tags.length === 0 ? [] : [`- Tags: ${tags.map(plain).join(', ')}`]),
  ]
  return `# ${plain(title ?? 'Conversation')}\n\n${facts.join('\n')}\n`
}

function sectionOf({ role, model, status, createdAt, content }: StoredMessage): string {
  const by = role === 'user' ? 'User' : `Assistant${model === null ? '' : ` (${plain(model)})`}`
  const cutShort = status === 'complete' ? '' : ` · ${status === 'running' ? 'interrupted' : status}`
  return `## ${by} · ${momentOf(createdAt)}${cutShort}\n\n${content}\n\n`
}

function momentOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** One line in which nothing is a sign of Markdown or HTML. What was said stays as it is: it is Markdown itself. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&')
}
