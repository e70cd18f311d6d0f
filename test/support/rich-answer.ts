import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An answer with everything that an answer may have. */
export const richAnswer = readFileSync(join(import.meta.dir, 'rich-answer.md'), 'utf8')
