import { effect, signal } from '@preact/signals'
import { accountId } from './account.ts'
import { type AnswerOf, ask } from './ask.ts'

export type Picture = AnswerOf<'GET', 'images/:id'>

/** Those that draw, the default first. Empty: nobody draws here, or that is not known. */
export const pictureModels = signal<string[]>([])

effect(() => {
  const id = accountId.value
  pictureModels.value = []
  if (id !== null) void readPictureModels(id)
})

async function readPictureModels(reader: string): Promise<void> {
  try {
    const { items } = await ask('GET', 'image-models')
    if (reader === accountId.peek()) pictureModels.value = items.map(({ id }) => id)
  } catch {
    // Then it is not offered.
  }
}
