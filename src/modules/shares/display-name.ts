import { isStorable } from '../auth/identifiers.ts'
import { invalidField } from '../auth/invalid-field.ts'

const maxLength = 50

/** null, or nothing but spaces: none is shown. Throws `invalid_request`. */
export function toDisplayName(text: string | null): string | null {
  const name = text?.trim() ?? ''
  if (name === '') return null
  if ([...name].length > maxLength) {
    throw invalidField('display_name', `A name may have ${maxLength} characters at most`)
  }
  if (!isStorable(name)) throw invalidField('display_name', 'The name holds characters that are none')
  return name
}
