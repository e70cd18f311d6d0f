import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { fetchSummary, remakeSummary } from '../chat-api.ts'
import { tried } from '../library-acts.ts'
import { conversationId } from '../place.ts'
import { opened } from '../talk.ts'
import { type TextKey, texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'

/** The conversation whose summary is shown: one that is made anew may move further down. */
const shownIn = signal<string | null>(null)

/** Where what is above may be too much for the model. The summary is read when somebody wants to see it. */
export function SummaryLine({ messageId }: { messageId: string }) {
  const t = texts.value
  const id = conversationId.value
  const isOpen = id !== null && shownIn.value === id
  const text = useSignal<string | null>(null)
  /** What there is to say below it. */
  const status = useSignal<TextKey | null>('summaryLoading')
  const isBusy = useSignal(false)

  const read = async () => {
    if (!isOpen) return
    let fault: TextKey | null = null
    try {
      text.value = await fetchSummary(id, messageId)
      if (text.value === null) fault = 'summaryMissing'
    } catch {
      fault = 'summaryMissing'
    }
    if (!isBusy.value) status.value = fault
  }
  // Anew with each reading of the conversation: the summary may be what has changed.
  useEffect(() => void read(), [isOpen, messageId, opened.value])

  const remake = async () => {
    if (id === null || isBusy.value) return
    isBusy.value = true
    status.value = 'summarising'
    let next: TextKey | null = null
    await tried(async () => {
      const made = await remakeSummary(id)
      if (made === null) next = 'summaryComing'
      else if (made.through_message_id === messageId) text.value = made.text
    }, refusals())
    isBusy.value = false
    status.value = next ?? (text.value === null ? 'summaryMissing' : null)
  }

  return (
    <details
      class="summary-line"
      open={isOpen}
      onToggle={(event) => {
        if (event.currentTarget.open) shownIn.value = id
        else if (isOpen) shownIn.value = null
      }}
    >
      <summary>{t.summarised}</summary>
      {text.value !== null && <p>{text.value}</p>}
      <p role="status">{status.value && t[status.value]}</p>
      <Button small icon="refresh" busy={isBusy.value} onClick={() => void remake()}>
        {t.summariseAnew}
      </Button>
    </details>
  )
}

function refusals(): Record<string, string> {
  const { summaryConflict, modelUnavailable } = texts.value
  return {
    conflict: summaryConflict,
    provider_unavailable: modelUnavailable,
    provider_rejected: modelUnavailable,
    provider_timeout: modelUnavailable,
  }
}
