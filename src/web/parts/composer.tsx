import { useEffect, useRef } from 'preact/hooks'
import { account } from '../account.ts'
import { talk } from '../conversation.ts'
import { draft } from '../draft.ts'
import { isLoading, writing } from '../talk.ts'
import { texts } from '../texts.ts'

/** Of a visitor; counted as the server counts: in characters, not in UTF-16 units. */
const maxCharacters = 4000

export function Composer() {
  const field = useRef<HTMLTextAreaElement>(null)
  const t = texts.value
  const text = draft.value
  const tooLong = account.value === null && [...text].length > maxCharacters
  const canSend = writing.value === null && !isLoading.value && text.trim() !== '' && !tooLong

  useEffect(() => fitHeight(field.current), [text])

  const submit = () => {
    if (!canSend) return
    draft.value = ''
    void talk.value.send(text.trim())
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
        value={text}
        onInput={(event) => {
          draft.value = event.currentTarget.value
        }}
        onKeyDown={onKeyDown}
      />
      {writing.value !== null ? (
        <button
          type="button"
          class="round"
          aria-label={t.stop}
          title={t.stop}
          onClick={() => void talk.value.stop()}
        >
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
