import { effect, signal } from '@preact/signals'
import { shelf } from '../library.ts'

/** Ids of the conversations that are selected; null: none are being selected. */
export const selection = signal<ReadonlySet<string> | null>(null)

/** As many as the server changes at once. */
export const maxSelected = 100

effect(() => {
  if (shelf.value) selection.value = null
})

export function toggle(id: string): void {
  const next = new Set(selection.value)
  if (!next.delete(id) && next.size < maxSelected) next.add(id)
  selection.value = next
}
