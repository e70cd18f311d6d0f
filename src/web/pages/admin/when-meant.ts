import { tried } from '../../library-acts.ts'
import { askFirst } from '../../ui/confirm.tsx'

/** Does what cannot be undone, when it is meant; says what went wrong, in `words` of its own by the refusal's code. */
export async function whenMeant(
  question: { title: string; text: string; action: string },
  act: () => Promise<void>,
  words: Record<string, string> = {},
): Promise<void> {
  if (await askFirst({ ...question, isDangerous: true })) await tried(act, words)
}
