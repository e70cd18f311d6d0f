import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { writing } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { words } from '../texts/words.ts'
import { Button } from '../ui/button.tsx'
import { useFocusBack } from '../ui/use-focus-back.ts'
import { isSendingKey } from './enter-key.ts'

/** A question being put in other words. null: it stays as it was. */
export function EditQuestion({ text, onEnd }: { text: string; onEnd: (text: string | null) => void }) {
  const field = useRef<HTMLTextAreaElement>(null)
  const next = useSignal(text)
  const canAsk = next.value.trim() !== '' && writing.value === null
  const t = chatTexts.value
  const article = useRef<Element | null>(null)
  const giveFocusBack = useFocusBack(() => article.current?.querySelector<HTMLElement>('.edit'))
  const leave = () => {
    onEnd(null)
    giveFocusBack()
  }
  useLayoutEffect(() => {
    article.current = field.current?.closest('article') ?? null
    field.current?.focus()
    field.current?.setSelectionRange(text.length, text.length)
  }, [])
  const ask = () => {
    if (canAsk) onEnd(next.value.trim())
  }
  return (
    <form
      class="edit-question"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <textarea
        ref={field}
        class="input"
        aria-label={t.editQuestion}
        rows={Math.min(12, text.split('\n').length + 1)}
        value={next.value}
        onInput={(event) => {
          next.value = event.currentTarget.value
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.isComposing) leave()
          if (!isSendingKey(event)) return
          event.preventDefault()
          ask()
        }}
      />
      <div class="edit-acts">
        <Button small onClick={leave}>
          {words.value.cancel}
        </Button>
        <Button small look="primary" type="submit" disabled={!canAsk}>
          {t.ask}
        </Button>
      </div>
    </form>
  )
}
