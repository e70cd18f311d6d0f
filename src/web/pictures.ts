import { effect, signal } from '@preact/signals'
import { accountId } from './account.ts'
import { type AnswerOf, ask } from './ask.ts'

export type Picture = AnswerOf<'GET', 'images/:id'>

export type PictureModel = AnswerOf<'GET', 'image-models'>['items'][number]

/** Those that draw for this person, the default first. Empty: nobody draws here, or that is not known. */
export const pictureModels = signal<PictureModel[]>([])

effect(() => {
  pictureModels.value = []
  if (accountId.value !== null) void readPictureModels()
})

/** Anew, when what is offered may have changed. Never rejects. */
export async function readPictureModels(): Promise<void> {
  const reader = accountId.peek()
  try {
    const { items } = await ask('GET', 'image-models')
    if (reader === accountId.peek()) pictureModels.value = items.filter(({ available }) => available)
  } catch {
    // Then it is not offered.
  }
}
