import { showBranch } from '../branches.ts'
import { type Message, writing } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { IconButton } from '../ui/button.tsx'
import { keepInView } from './scroll-anchor.ts'

/** Which of several versions of a message is shown: ‹ 2/3 ›. */
export function BranchArrows({ message }: { message: Message }) {
  const siblings = message.stored?.siblings ?? []
  const at = siblings.indexOf(message.key)
  if (siblings.length < 2 || at === -1) return null
  const t = chatTexts.value
  const go = (id: string | undefined) => {
    if (id === undefined) return
    keepInView(message.key, id)
    void showBranch(id)
  }
  const isBusy = writing.value !== null
  return (
    <span class="branch-arrows">
      <IconButton
        small
        name={t.earlierVersion}
        icon="chevronLeft"
        disabled={isBusy || at === 0}
        onClick={() => go(siblings[at - 1])}
      />
      <span>
        <span aria-hidden="true">
          {at + 1}/{siblings.length}
        </span>
        <span class="visually-hidden">{t.version(at + 1, siblings.length)}</span>
      </span>
      <IconButton
        small
        name={t.laterVersion}
        icon="chevronRight"
        disabled={isBusy || at === siblings.length - 1}
        onClick={() => go(siblings[at + 1])}
      />
    </span>
  )
}
