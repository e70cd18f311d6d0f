import { ShownOnceDialog } from '../../parts/shown-once-dialog.tsx'
import { keyTexts } from '../../texts/keys.ts'
import type { MadeKey } from './keys-api.ts'

/** A key that was just made. */
export function MadeKeyDialog({ apiKey, onClose }: { apiKey: MadeKey; onClose: () => void }) {
  const t = keyTexts.value
  const words = {
    title: t.madeTitle,
    text: t.madeText,
    label: t.keyItself,
    copy: t.copyKey,
    copied: t.keyCopied,
    notCopied: t.keyNotCopied,
    leaveTitle: t.leaveTitle,
    leaveText: t.leaveText,
    leave: t.leave,
    done: t.done,
  }
  return <ShownOnceDialog value={apiKey.key} words={words} onClose={onClose} />
}
