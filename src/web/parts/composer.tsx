import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { running, send, stop } from '../conversation.ts'
import { texts } from '../texts.ts'

/** Counted as the server counts: in characters, not in UTF-16 units. */
const maxCharacters = 4000

const draftKey = 'draft'

export function Composer() {
  const text = useSignal(localStorage.getItem(draftKey) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const t = texts.value
  const tooLong = [...text.value].length > maxCharacters
  const canSend = running.value === null && text.value.trim() !== '' && !tooLong

  useEffect(() => {
    if (text.value === '') localStorage.removeItem(draftKey)
    else localStorage.setItem(draftKey, text.value)
    fitHeight(field.current)
  }, [text.value])

  const submit = () => {
    if (!canSend) return
    const content = text.value.trim()
    text.value = ''
    void send(content)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method is composing, Enter chooses a word (229: Safari reports it after the fact).
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    submit()
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label={t.message}
        aria-invalid={tooLong}
        placeholder={t.messagePlaceholder}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value
        }}
        onKeyDown={onKeyDown}
      />
      {running.value ? (
        <button type="button" class="round" aria-label={t.stop} title={t.stop} onClick={stop}>
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <rect x="6" y="6" width="12" height="12" rx="2" />
          </svg>
        </button>
      ) : (
        <button type="submit" class="round" aria-label={t.send} title={t.send} disabled={!canSend}>
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d="M11 20V8.8l-4.6 4.6L5 12l7-7 7 7-1.4 1.4L13 8.8V20z" />
          </svg>
        </button>
      )}
      {tooLong && (
        <p class="refusal" role="alert">
          {t.tooLong}
        </p>
      )}
    </form>
  )
}

/** Grows with the text up to the limit in the style sheet. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.rows = 1
  const lineHeight = Number.parseFloat(getComputedStyle(field).lineHeight)
  field.rows = Math.min(8, Math.max(1, Math.floor((field.scrollHeight - 16) / lineHeight)))
}
