import { account } from './account.ts'
import { startAnew } from './conversation.ts'
import { copyText } from './copy-text.ts'
import { show } from './open-dialog.ts'
import { page } from './place.ts'
import { toggleSidebar } from './sidebar/sidebar-state.ts'
import { messages } from './talk.ts'
import { chatTexts } from './texts/chat.ts'
import { texts } from './texts.ts'
import { say, sayFault } from './ui/toast.tsx'

export type ShortcutName = 'search' | 'newChat' | 'toMessage' | 'copyAnswer' | 'sidebar' | 'help'

interface Shortcut {
  name: ShortcutName
  /** As the sheet shows them. */
  keys: string[]
  /** It is a letter that one may be writing. */
  isPlain?: boolean
  fits: (event: KeyboardEvent) => boolean
  run: () => void
}

const isMac = /mac|iphone|ipad/i.test(navigator.platform)
const control = isMac ? '⌘' : 'Ctrl'
const withControl = (event: KeyboardEvent) => (isMac ? event.metaKey : event.ctrlKey) && !event.altKey

export const shortcuts: readonly Shortcut[] = [
  {
    name: 'newChat',
    keys: [control, 'Shift', 'O'],
    fits: (event) => withControl(event) && event.shiftKey && event.code === 'KeyO',
    run: () => void startAnew(),
  },
  {
    name: 'search',
    keys: [control, 'K'],
    fits: (event) => withControl(event) && !event.shiftKey && event.code === 'KeyK',
    run: () => show({ type: 'search' }),
  },
  {
    name: 'toMessage',
    keys: ['/'],
    isPlain: true,
    fits: (event) => event.key === '/' && !withControl(event),
    run: () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus(),
  },
  {
    name: 'copyAnswer',
    keys: [control, 'Shift', 'C'],
    fits: (event) => withControl(event) && event.shiftKey && event.code === 'KeyC',
    run: () => void copyLastAnswer(),
  },
  {
    name: 'sidebar',
    keys: [control, 'Shift', 'S'],
    fits: (event) => withControl(event) && event.shiftKey && event.code === 'KeyS',
    run: toggleSidebar,
  },
  {
    name: 'help',
    keys: [control, '/'],
    // By itself as well, where one is not writing: many pages have taught it.
    fits: (event) => (event.key === '/' && withControl(event)) || (event.key === '?' && !isWriting(event)),
    run: () => show({ type: 'shortcuts' }),
  },
]

export function listenToShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || account.value === null || page.value === 'shared')
      return
    // What stands before the page has the keyboard to itself.
    if (document.querySelector('dialog[open], .menu:popover-open')) return
    const shortcut = shortcuts.find(({ fits }) => fits(event))
    if (shortcut === undefined || (shortcut.isPlain && isWriting(event))) return
    event.preventDefault()
    shortcut.run()
  })
}

function isWriting({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

async function copyLastAnswer(): Promise<void> {
  const answer = messages.value.findLast(({ role, content }) => role === 'assistant' && content !== '')
  if (answer === undefined) return
  try {
    await copyText(answer.content)
    say(texts.value.copied)
  } catch {
    sayFault(chatTexts.value.copyFailed)
  }
}
