import { useSignal } from '@preact/signals'
import { rate } from '../branches.ts'
import { closeDialog } from '../open-dialog.ts'
import { messages } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { words } from '../texts/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextArea } from '../ui/field.tsx'
import { say } from '../ui/toast.tsx'

/** Why an answer was rated badly. The rating itself is kept already. */
export function NoteDialog({ messageId }: { messageId: string }) {
  const t = chatTexts.value
  const note = useSignal('')
  const save = async () => {
    const message = messages.value.find(({ key }) => key === messageId)
    closeDialog()
    if (message === undefined || note.value.trim() === '') return
    if (await rate(message, 'down', note.value.trim())) say(t.noted)
  }
  return (
    <Dialog
      title={t.noteTitle}
      class="narrow-dialog"
      onClose={closeDialog}
      footer={
        <>
          <Button onClick={closeDialog}>{words.value.cancel}</Button>
          <Button look="primary" onClick={() => void save()}>
            {words.value.save}
          </Button>
        </>
      }
    >
      <TextArea label={t.note} maxLength={2000} text={note} />
    </Dialog>
  )
}
