import { signal } from '@preact/signals'
import { words } from '../texts/words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface Question {
  title: string
  /** What will happen, and whether it can be taken back. */
  text: string
  /** What the button does, in a word: never just yes. */
  action: string
  isDangerous?: boolean
}

const asked = signal<(Question & { answer: (isYes: boolean) => void }) | null>(null)

/** Asks before something is done that is not easily undone. Escape means no. */
export function askFirst(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer(isYes) {
        asked.value = null
        resolve(isYes)
      },
    }
  })
}

// What it is about is not shown any more: on a phone one may well go back instead of saying no.
addEventListener('popstate', () => asked.value?.answer(false))

/** Where such questions are drawn: once, at the root. */
export function Confirmation() {
  const question = asked.value
  if (question === null) return null
  return (
    <Dialog
      title={question.title}
      class="narrow-dialog"
      onClose={() => question.answer(false)}
      footer={
        <>
          <Button onClick={() => question.answer(false)}>{words.value.cancel}</Button>
          <Button look={question.isDangerous ? 'danger' : 'primary'} onClick={() => question.answer(true)}>
            {question.action}
          </Button>
        </>
      }
    >
      <p>{question.text}</p>
    </Dialog>
  )
}
