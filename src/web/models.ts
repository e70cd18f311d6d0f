import { computed, effect, signal } from '@preact/signals'
import { accountId } from './account.ts'
import { type AnswerOf, ask } from './ask.ts'
import { put } from './library.ts'
import { tried } from './library-acts.ts'
import { updateConversation } from './library-api.ts'
import { lastModel, rememberModel } from './new-chat.ts'
import { opened } from './talk.ts'

export type Model = AnswerOf<'GET', 'models'>['items'][number]

/** Those to choose from, the default first. */
export const models = signal<Model[]>([])

effect(() => {
  models.value = []
  if (accountId.value !== null) void readModels()
})

/** Anew, when what is offered may have changed. Never rejects. */
export async function readModels(): Promise<void> {
  try {
    models.value = (await ask('GET', 'models')).items
    // One that is not offered any more would be refused with the next question.
    if (!models.value.some(({ id, available }) => id === lastModel.value && available)) lastModel.value = null
  } catch {
    // The default answers.
  }
}

/** The one that answers next; null: none is known. */
export const currentModel = computed(() => {
  const id = opened.value === null ? lastModel.value : opened.value.model
  return models.value.find((model) => (id === null ? model.default : model.id === id)) ?? null
})

/** From the next question on, here and in new conversations. */
export async function chooseModel(id: string): Promise<void> {
  rememberModel(id)
  const conversation = opened.value
  if (conversation === null) return
  await tried(async () => {
    opened.value = await updateConversation(conversation.id, { model: id })
    put(opened.value)
  })
}

export function modelName(id: string): string {
  return models.value.find((model) => model.id === id)?.name ?? id
}
