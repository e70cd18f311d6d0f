import { isId } from '../../lib/ids.ts'
import { isStorable } from '../auth/identifiers.ts'
import { invalidField } from '../auth/invalid-field.ts'

const maxTitleLength = 200
const maxPromptBytes = 32 * 1024
const maxNoteLength = 2000
const maxTagLength = 50

/** Without the spaces around it. Throws `invalid_request`. */
export function toTitle(text: string): string {
  const title = text.trim()
  if (title === '') throw invalidField('title', 'The title is empty')
  if ([...title].length > maxTitleLength) {
    throw invalidField('title', `A title may have ${maxTitleLength} characters at most`)
  }
  if (!isStorable(title)) throw invalidField('title', 'The title holds characters that are none')
  return title
}

/** The same for a tag. One that looks like an id could not be told from it. `path`: the field it was sent in. */
export function toTagName(text: string, path: string): string {
  const name = text.trim().normalize('NFC')
  if (name === '') throw invalidField(path, 'The name of a tag is empty')
  if ([...name].length > maxTagLength) {
    throw invalidField(path, `The name of a tag may have ${maxTagLength} characters at most`)
  }
  if (!isStorable(name)) throw invalidField(path, 'The name of a tag holds characters that are none')
  if (isId(name)) throw invalidField(path, 'The name of a tag may not look like an id')
  return name
}

/** Throws `invalid_request`. An empty one is fine: it means none at all. */
export function checkSystemPrompt(prompt: string): void {
  if (Buffer.byteLength(prompt) > maxPromptBytes) {
    throw invalidField('system_prompt', `A system prompt may have ${maxPromptBytes} bytes at most`)
  }
  if (!isText(prompt)) throw invalidField('system_prompt', 'The prompt holds characters that are none')
}

/** What somebody says about a rating; null: nothing. Throws `invalid_request`. */
export function toNote(text: string | null): string | null {
  const note = text?.trim() ?? ''
  if (note === '') return null
  if ([...note].length > maxNoteLength) {
    throw invalidField('note', `A note may have ${maxNoteLength} characters at most`)
  }
  if (!isText(note)) throw invalidField('note', 'The note holds characters that are none')
  return note
}

/** Of several lines, maybe, but nothing that PostgreSQL refuses or would store as something else. */
function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
