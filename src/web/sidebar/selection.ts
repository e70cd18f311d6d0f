import { effect, signal } from '@preact/signals'
import { conversations, hasMore, readMore, shelf } from '../library.ts'
import { libraryTexts } from '../texts/library.ts'
import { say } from '../ui/toast.tsx'

/** Ids of the conversations that are selected; null: none are being selected. */
export const selection = signal<ReadonlySet<string> | null>(null)

/** As many as the server changes at once. */
const maxSelected = 100

effect(() => {
  if (shelf.value) selection.value = null
})

export function toggle(id: string): void {
  const next = new Set(selection.value)
  if (!next.delete(id)) next.add(id)
  if (next.size > maxSelected) sayLimit()
  else selection.value = next
}

/** All of the list, or as many of its first as may be; what was not read of it is read for that. */
export async function selectAll(): Promise<void> {
  let count = -1
  // Until there is no more, or it cannot be read.
  while (hasMore.value && count < idsOfList().length && idsOfList().length < maxSelected) {
    count = idsOfList().length
    await readMore()
  }
  if (selection.value === null) return
  selection.value = new Set(idsOfList().slice(0, maxSelected))
  if (hasMore.value || idsOfList().length > maxSelected) sayLimit()
}

/** null: some of them are. */
export function isAllSelected(): boolean | null {
  const { size } = selection.value ?? new Set()
  if (size === 0) return false
  return size === maxSelected || (!hasMore.value && size === idsOfList().length) ? true : null
}

function sayLimit(): void {
  say(libraryTexts.value.mostSelected(maxSelected))
}

function idsOfList(): string[] {
  return conversations.value?.map(({ id }) => id) ?? []
}
