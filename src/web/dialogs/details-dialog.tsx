import type { ComponentChildren } from 'preact'
import type { StoredMessage } from '../chat-api.ts'
import { formatMoment, formatMoney, formatNumber, formatSeconds } from '../format.ts'
import { modelName, models } from '../models.ts'
import { closeDialog } from '../open-dialog.ts'
import { messages } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { Dialog } from '../ui/dialog.tsx'

/** Who has answered, how long it took and what it cost. */
export function DetailsDialog({ messageId }: { messageId: string }) {
  const t = chatTexts.value
  const stored = messages.value.find(({ key }) => key === messageId)?.stored
  return (
    <Dialog title={t.details} class="narrow-dialog" onClose={closeDialog}>
      <dl class="details">{stored && <Rows stored={stored} />}</dl>
    </Dialog>
  )
}

function Rows({ stored }: { stored: StoredMessage }) {
  const t = chatTexts.value
  const { model, usage, duration_ms, time_to_first_token_ms, created_at } = stored
  const estimated = usage?.estimated ? ` (${t.estimated})` : ''
  const currency = models.value.find(({ prices }) => prices !== null)?.prices?.currency
  return (
    <>
      {model !== null && <Row name={t.model}>{modelName(model)}</Row>}
      {usage !== null && (
        <>
          <Row name={t.tokensRead}>{formatNumber(usage.prompt_tokens) + estimated}</Row>
          <Row name={t.tokensWritten}>{formatNumber(usage.completion_tokens) + estimated}</Row>
        </>
      )}
      {usage !== null && usage.cost !== null && currency !== undefined && (
        <Row name={t.cost}>{formatMoney(usage.cost, currency)}</Row>
      )}
      {time_to_first_token_ms !== null && (
        <Row name={t.firstWord}>{t.seconds(formatSeconds(time_to_first_token_ms))}</Row>
      )}
      {duration_ms !== null && <Row name={t.duration}>{t.seconds(formatSeconds(duration_ms))}</Row>}
      <Row name={t.time}>{formatMoment(created_at)}</Row>
    </>
  )
}

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
