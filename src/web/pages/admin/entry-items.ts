import { tried } from '../../library-acts.ts'
import { adminTexts } from '../../texts/admin.ts'
import { words } from '../../texts/words.ts'
import type { MenuItem } from '../../ui/menu.tsx'
import { whenMeant } from './when-meant.ts'

interface Act {
  name: string
  /** What it means. */
  text: string
  onDone: (text: string) => void
}

/** Whether something that was entered is in use. That it is no more is asked for first. */
export function enableItem(
  { name, text, onDone, enabled }: Act & { enabled: boolean },
  act: (enabled: boolean) => Promise<unknown>,
): MenuItem {
  const t = adminTexts.value
  const change = async () => {
    await act(!enabled)
    onDone(enabled ? t.disabled(name) : t.enabled(name))
  }
  const question = { title: t.disableTitle(name), text, action: t.disable }
  return enabled
    ? { label: t.disable, icon: 'stop', onChoose: () => void whenMeant(question, change) }
    : { label: t.enable, icon: 'check', onChoose: () => void tried(change) }
}

/** It is asked for first. `inUse`: what is said where something needs it still. `label`: where a word is not enough. */
export function deleteItem(
  { name, text, onDone, inUse, label = words.value.delete }: Act & { inUse?: string; label?: string },
  act: () => Promise<unknown>,
): MenuItem {
  const t = adminTexts.value
  const question = { title: t.deleteTitle(name), text, action: label }
  const remove = async () => {
    await act()
    onDone(t.deleted(name))
  }
  return {
    label,
    icon: 'bin',
    isDangerous: true,
    onChoose: () => void whenMeant(question, remove, inUse === undefined ? {} : { conflict: inUse }),
  }
}
