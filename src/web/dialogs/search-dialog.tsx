import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Refusal } from '../api.ts'
import { formatDay } from '../format.ts'
import { type Hit, type SearchWish, search } from '../library-api.ts'
import { closeDialog } from '../open-dialog.ts'
import { conversationId, goToConversation } from '../place.ts'
import { isDrawerOpen } from '../sidebar/sidebar-state.ts'
import { libraryTexts } from '../texts/library.ts'
import { searchTexts } from '../texts/search.ts'
import { words } from '../texts/words.ts'
import { type TextKey, texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { Field, Select } from '../ui/field.tsx'
import { Spinner } from '../ui/progress.tsx'
import { goToMessage } from '../wanted-message.ts'

const pauseMs = 250
/** Of how many pages without a hit the next one is read by itself. */
const maxEmptyPages = 3

type Role = 'any' | 'user' | 'assistant'

/** Finds what was said. Arrows go about in what was found. */
export function SearchDialog() {
  const t = searchTexts.value
  const text = useSignal('')
  const role = useSignal<Role>('any')
  const isHere = useSignal(false)
  const from = useSignal('')
  const to = useSignal('')
  const wish = useComputed(
    (): SearchWish => ({
      text: text.value.trim(),
      conversationId: isHere.value ? conversationId.value : null,
      role: role.value === 'any' ? null : role.value,
      from: startOf(from.value),
      to: startOf(to.value, 1),
    }),
  )
  const { hits, state, fault, cursor, readOn } = useHits(wish.value)

  return (
    <Dialog title={libraryTexts.value.search} class="search-dialog" onClose={closeDialog}>
      <search class="search-form" onKeyDown={goAbout}>
        <input
          type="search"
          class="input"
          aria-label={libraryTexts.value.search}
          placeholder={t.placeholder}
          maxLength={200}
          // It is opened to be written in.
          autofocus
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value
          }}
        />
        <details class="filters">
          <summary>{t.filters}</summary>
          <div class="filter-row">
            <Select<Role>
              label={t.saidBy}
              value={role.value}
              options={[
                { value: 'any', label: t.anybody },
                { value: 'user', label: t.me },
                { value: 'assistant', label: t.assistant },
              ]}
              onChange={(value) => {
                role.value = value
              }}
            />
            <Field label={t.from} type="date" text={from} />
            <Field label={t.to} type="date" text={to} />
          </div>
          {conversationId.value !== null && (
            <label class="checkbox">
              <input
                type="checkbox"
                checked={isHere.value}
                onChange={(event) => {
                  isHere.value = event.currentTarget.checked
                }}
              />
              <span>{t.onlyHere}</span>
            </label>
          )}
        </details>
        <div class="hits" aria-busy={state === 'reading'}>
          <p role="status" class="visually-hidden">
            {state === 'read' && t.found(hits.length)}
          </p>
          <ul>
            {hits.map((hit, at) => (
              <li key={`${hit.message_id ?? hit.conversation_id}-${at}`}>
                <HitButton hit={hit} />
              </li>
            ))}
          </ul>
          {state === 'failed' && fault && (
            <p class="refusal" role="alert">
              {texts.value[fault]}
            </p>
          )}
          {state === 'reading' && <Spinner />}
          {state === 'idle' && <Empty icon="search" text={t.hint} />}
          {state === 'read' && hits.length === 0 && cursor === null && <Empty text={t.nothing} />}
          {state === 'read' && cursor !== null && (
            <Button small onClick={readOn}>
              {words.value.more}
            </Button>
          )}
        </div>
      </search>
    </Dialog>
  )
}

function useHits(wish: SearchWish) {
  const hits = useSignal<Hit[]>([])
  const cursor = useSignal<string | null>(null)
  const state = useSignal<'idle' | 'reading' | 'read' | 'failed'>('idle')
  const fault = useSignal<TextKey | null>(null)
  const readings = useRef(0)

  const read = async (start: string | null) => {
    const reading = ++readings.current
    state.value = 'reading'
    try {
      let next = start
      for (let pages = 0; pages < maxEmptyPages; pages++) {
        const page = await search(wish, next)
        if (reading !== readings.current) return
        hits.value = start === null && pages === 0 ? page.items : [...hits.value, ...page.items]
        next = page.next_cursor
        if (page.items.length > 0 || next === null) break
      }
      cursor.value = next
      state.value = 'read'
    } catch (error) {
      if (reading !== readings.current) return
      fault.value = error instanceof Refusal ? error.text : 'failed'
      state.value = 'failed'
    }
  }

  useEffect(() => {
    readings.current++
    if (wish.text === '') {
      hits.value = []
      state.value = 'idle'
      return
    }
    const timer = setTimeout(() => void read(null), pauseMs)
    return () => clearTimeout(timer)
  }, [wish])

  return {
    hits: hits.value,
    cursor: cursor.value,
    state: state.value,
    fault: fault.value,
    readOn: () => void read(cursor.value),
  }
}

function HitButton({ hit }: { hit: Hit }) {
  const { conversation_id, conversation_title, message_id, role, snippet, created_at } = hit
  const open = () => {
    closeDialog()
    isDrawerOpen.value = false
    if (message_id === null) goToConversation(conversation_id)
    else goToMessage(conversation_id, message_id)
  }
  const by = role === null ? '' : `${role === 'user' ? texts.value.you : texts.value.assistant} · `
  return (
    <button type="button" class="hit" onClick={open}>
      <span class="hit-title">{conversation_title ?? libraryTexts.value.untitled}</span>
      <span class="hit-text">
        {snippet.map(({ text, hit: isHit }, at) => (isHit ? <mark key={at}>{text}</mark> : text))}
      </span>
      <small class="hint">
        {by}
        {formatDay(created_at)}
      </small>
    </button>
  )
}

/** From the field down into the list, and up again. */
function goAbout(event: KeyboardEvent): void {
  if (event.key === 'Escape' && !event.isComposing) {
    // The field would take it to empty itself.
    event.preventDefault()
    closeDialog()
    return
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const form = event.currentTarget
  if (step === undefined || event.isComposing || !(form instanceof HTMLElement)) return
  const stops = [...form.querySelectorAll<HTMLElement>('input[type=search], .hit')]
  const at = stops.findIndex((stop) => stop.matches(':focus'))
  const next = at === -1 ? undefined : stops[at + step]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

/** When that day begins where the reader is, or the one so many days later. */
function startOf(day: string, later = 0): string {
  const date = new Date(`${day}T00:00`)
  // None is named.
  if (Number.isNaN(date.getTime())) return ''
  date.setDate(date.getDate() + later)
  return date.toISOString()
}
