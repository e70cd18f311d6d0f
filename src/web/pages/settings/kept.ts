import { effect, type Signal, signal } from '@preact/signals'
import { accountId } from '../../account.ts'

const kept = new Map<string, Signal<unknown>>()
let owner: string | null = null

// Whoever logs in again finds what he had written; anybody else does not.
effect(() => {
  const id = accountId.value
  if (id === null || id === owner) return
  kept.clear()
  owner = id
})

/** What is written in a form, under a name of its own. It outlives the form, as a session may end beneath it. */
export function keptSignal<Value>(name: string, initial: Value): Signal<Value> {
  const found = kept.get(name)
  // Each name stands for one type.
  if (found !== undefined) return found as Signal<Value>
  const made = signal(initial)
  kept.set(name, made as Signal<unknown>)
  return made
}

export function forgetKept(name: string): void {
  kept.delete(name)
}
