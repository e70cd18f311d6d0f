import { useSignal } from '@preact/signals'
import { put } from '../library.ts'
import { tried } from '../library-acts.ts'
import { updateConversation } from '../library-api.ts'
import { currentModel } from '../models.ts'
import { newChatWish } from '../new-chat.ts'
import { closeDialog } from '../open-dialog.ts'
import { opened } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { words } from '../texts/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, TextArea } from '../ui/field.tsx'
import { say } from '../ui/toast.tsx'
import { usualPrompt } from '../usual-prompt.ts'

/** Of this conversation, or of the one that is about to begin. */
export function OptionsDialog() {
  const t = chatTexts.value
  const conversation = opened.value
  const before = conversation?.parameters ?? newChatWish.value.parameters
  const promptBefore =
    conversation === null ? (newChatWish.value.systemPrompt ?? usualPrompt()) : conversation.system_prompt
  const prompt = useSignal(promptBefore ?? '')
  const temperature = useSignal(textOf(before.temperature))
  const topP = useSignal(textOf(before.top_p))
  const maxTokens = useSignal(textOf(before.max_tokens))
  const isSending = useSignal(false)
  const longest = currentModel.value?.max_output_tokens ?? 1_000_000
  const faults = {
    temperature: faultOf(temperature.value, 0, 2),
    topP: faultOf(topP.value, 0, 1),
    maxTokens: faultOf(maxTokens.value, 1, longest, 1),
  }
  const isFaulty = Object.values(faults).some((fault) => fault !== null)

  const save = async (event: Event) => {
    event.preventDefault()
    if (isFaulty || isSending.value) return
    const systemPrompt = prompt.value.trim() === '' ? null : prompt.value
    const parameters = {
      ...numberOf('temperature', temperature.value),
      ...numberOf('top_p', topP.value),
      ...numberOf('max_tokens', maxTokens.value),
    }
    if (conversation === null) {
      newChatWish.value = { ...newChatWish.value, systemPrompt: systemPrompt ?? '', parameters }
      return closeDialog()
    }
    isSending.value = true
    const isDone = await tried(async () => {
      opened.value = await updateConversation(conversation.id, { system_prompt: systemPrompt, parameters })
      put(opened.value)
    })
    isSending.value = false
    if (!isDone) return
    closeDialog()
    say(words.value.saved)
  }

  return (
    <Dialog
      title={t.options}
      onClose={closeDialog}
      footer={
        <>
          <Button onClick={closeDialog}>{words.value.cancel}</Button>
          <Button
            look="primary"
            busy={isSending.value}
            disabled={isFaulty}
            onClick={(event) => void save(event)}
          >
            {words.value.save}
          </Button>
        </>
      }
    >
      <TextArea label={t.systemPrompt} hint={t.systemPromptHint} rows={6} maxLength={10_000} text={prompt} />
      <Field
        label={t.temperature}
        hint={t.temperatureHint}
        fault={faults.temperature}
        type="number"
        min={0}
        max={2}
        step={0.1}
        text={temperature}
      />
      <Field
        label={t.topP}
        hint={t.topPHint}
        fault={faults.topP}
        type="number"
        min={0}
        max={1}
        step={0.05}
        text={topP}
      />
      <Field
        label={t.maxTokens}
        hint={t.maxTokensHint}
        fault={faults.maxTokens}
        type="number"
        min={1}
        max={longest}
        step={1}
        text={maxTokens}
      />
    </Dialog>
  )
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

function numberOf(name: string, text: string): Record<string, number> {
  return text.trim() === '' ? {} : { [name]: Number(text) }
}

function faultOf(text: string, min: number, max: number, step?: number): string | null {
  if (text.trim() === '') return null
  const value = Number(text)
  const isWhole = step === undefined || Number.isInteger(value)
  return value >= min && value <= max && isWhole ? null : chatTexts.value.outOfRange(min, max)
}
