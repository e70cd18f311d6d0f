import { useSignal } from '@preact/signals'
import { copyText } from '../copy-text.ts'
import { Button } from '../ui/button.tsx'
import { askFirst } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, TextArea } from '../ui/field.tsx'

export interface ShownOnceWords {
  title: string
  text: string
  /** Of the field that what is shown stands in. */
  label: string
  copy: string
  copied: string
  notCopied: string
  leaveTitle: string
  leaveText: string
  leave: string
  done: string
}

/** What is shown this once. Escape alone does not lose it. */
export function ShownOnceDialog(props: { value: string; words: ShownOnceWords; onClose: () => void }) {
  const { value, words, onClose } = props
  const copying = useSignal<'not yet' | 'done' | 'failed'>('not yet')

  const copy = async () => {
    try {
      await copyText(value)
      copying.value = 'done'
    } catch {
      copying.value = 'failed'
    }
  }
  const leave = async () => {
    const question = { title: words.leaveTitle, text: words.leaveText, action: words.leave }
    if (copying.value === 'not yet' && !(await askFirst(question))) return
    onClose()
  }

  return (
    <Dialog
      title={words.title}
      class="made-key"
      onClose={() => void leave()}
      footer={
        <>
          <Button look="primary" icon="copy" onClick={() => void copy()}>
            {words.copy}
          </Button>
          <Button onClick={() => void leave()}>{words.done}</Button>
        </>
      }
    >
      <p>{words.text}</p>
      {value.includes('\n') ? (
        <TextArea label={words.label} value={value} rows={8} readOnly />
      ) : (
        <Field label={words.label} value={value} readOnly />
      )}
      <p role="status" class={copying.value === 'failed' ? 'refusal' : 'hint'}>
        {copying.value === 'done' && words.copied}
        {copying.value === 'failed' && words.notCopied}
      </p>
    </Dialog>
  )
}
