import { draft } from '../draft.ts'
import { newChatWish } from '../new-chat.ts'
import { chatTexts } from '../texts/chat.ts'
import { texts } from '../texts.ts'
import { Icon } from '../ui/icon.tsx'

/** Before the first question. */
export function Greeting() {
  const t = texts.value
  const { suggested, temporaryNotice, suggestions } = chatTexts.value
  const { isTemporary } = newChatWish.value
  return (
    <div class="greeting">
      <h1>{t.greeting}</h1>
      {isTemporary ? (
        <p class="hint temporary-hint">
          <Icon name="ghost" size={18} /> {temporaryNotice}
        </p>
      ) : (
        <p class="hint">{t.greetingHint}</p>
      )}
      {!isTemporary && (
        <ul class="suggestions" aria-label={suggestions}>
          {suggested.map((text) => (
            <li key={text}>
              <button
                type="button"
                onClick={() => {
                  draft.value = text
                  document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus()
                }}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
