import { account } from '../account.ts'
import { deleteMessage } from '../branches.ts'
import { copyText } from '../copy-text.ts'
import { type Message, writing } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { words } from '../texts/words.ts'
import { texts } from '../texts.ts'
import { IconButton } from '../ui/button.tsx'
import { sayFault } from '../ui/toast.tsx'
import { BranchArrows } from './branch-arrows.tsx'

export function QuestionActions({ message, onEdit }: { message: Message; onEdit: () => void }) {
  const t = chatTexts.value
  const isBusy = writing.value !== null
  const isKept = account.value !== null && !message.key.startsWith('new-')
  const copy = () => copyText(message.content).catch(() => sayFault(t.copyFailed))
  return (
    <>
      <BranchArrows message={message} />
      <IconButton small name={texts.value.copy} icon="copy" onClick={() => void copy()} />
      {isKept && (
        <IconButton small class="edit" name={t.edit} icon="edit" disabled={isBusy} onClick={onEdit} />
      )}
      {isKept && (
        <IconButton
          small
          name={words.value.delete}
          icon="bin"
          disabled={isBusy}
          onClick={() => void deleteMessage(message)}
        />
      )}
    </>
  )
}
