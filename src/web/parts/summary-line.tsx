import { useSignal } from '@preact/signals'
import { fetchSummary } from '../chat-api.ts'
import { conversationId } from '../place.ts'
import { texts } from '../texts.ts'

/** Where what is above may be too much for the model. The summary is read when somebody wants to see it. */
export function SummaryLine({ messageId }: { messageId: string }) {
  const t = texts.value
  const text = useSignal<string | null>(null)
  const hasFailed = useSignal(false)

  const read = async (isOpen: boolean) => {
    const id = conversationId.value
    if (!isOpen || id === null) return
    hasFailed.value = false
    try {
      text.value = await fetchSummary(id, messageId)
    } catch {
      hasFailed.value = true
    }
  }

  return (
    <details class="summary-line" onToggle={(event) => void read(event.currentTarget.open)}>
      <summary>{t.summarised}</summary>
      <p>{text.value ?? (hasFailed.value ? t.summaryMissing : t.summaryLoading)}</p>
    </details>
  )
}
