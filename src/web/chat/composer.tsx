import { useEffect, useRef } from 'preact/hooks'
import { account } from '../account.ts'
import { talk } from '../conversation.ts'
import { draft } from '../draft.ts'
import { wordsOfExcess } from '../excess.ts'
import { newChats } from '../new-chat.ts'
import { show } from '../open-dialog.ts'
import { pictureModels } from '../pictures.ts'
import { conversationId } from '../place.ts'
import { isLoading, messages, writing } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { texts } from '../texts.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { isNarrow } from '../window-size.ts'
import { isSendingKey } from './enter-key.ts'

/** Of a visitor; counted as the server counts: in characters, not in UTF-16 units. */
const maxCharacters = 4000
const maxRows = 10
/** The new chats whose field has had the focus. */
let begun = 0

/** Where questions are written. Enter sends, Shift and Enter begins a line; on a phone Enter begins a line too. */
export function Composer() {
  const field = useRef<HTMLTextAreaElement>(null)
  const t = texts.value
  const text = draft.value
  const length = [...text].length
  const tooLong = account.value === null && length > maxCharacters
  const canSend = writing.value === null && !isLoading.value && text.trim() !== '' && !tooLong

  useEffect(() => fitHeight(field.current), [text])
  // A phone would open its keyboard over what is to be read.
  useEffect(() => {
    if (!isNarrow.value && document.activeElement === document.body) field.current?.focus()
  }, [conversationId.value, writing.value])

  useEffect(() => {
    if (!isNarrow.value && newChats.value !== begun) field.current?.focus()
    begun = newChats.value
  }, [newChats.value])

  const submit = () => {
    if (!canSend) return
    draft.value = ''
    void talk.value.send(text.trim())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp' && text === '') editLastQuestion(event)
    if (!isSendingKey(event)) return
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
      {pictureModels.value.length > 0 && (
        <IconButton
          class="round"
          name={chatTexts.value.picture}
          icon="picture"
          onClick={() => show({ type: 'pictures' })}
        />
      )}
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
        <IconButton
          class="round"
          look="primary"
          name={t.stop}
          icon="stop"
          onClick={() => void talk.value.stop()}
        />
      ) : (
        <button
          type="submit"
          class="icon-button primary round"
          aria-label={t.send}
          title={t.send}
          disabled={!canSend}
        >
          <Icon name="send" />
        </button>
      )}
      {tooLong && (
        <p class="refusal" role="alert">
          {wordsOfExcess({ unit: 'characters', size: length, limit: maxCharacters })}
        </p>
      )}
    </form>
  )
}

function editLastQuestion(event: KeyboardEvent): void {
  const last = messages.value.findLast(({ role }) => role === 'user')
  const button = last && document.querySelector<HTMLButtonElement>(`#message-${last.key} .edit`)
  if (!button) return
  event.preventDefault()
  button.click()
}

/** Grows with the text up to a limit. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.rows = 1
  const lineHeight = Number.parseFloat(getComputedStyle(field).lineHeight)
  field.rows = Math.min(maxRows, Math.max(1, Math.floor((field.scrollHeight - 16) / lineHeight)))
}
