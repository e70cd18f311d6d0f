import { useSignal } from '@preact/signals'
import { copyText } from '../../copy-text.ts'
import { keyTexts } from '../../texts/keys.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import type { MadeKey } from './keys-api.ts'

/** A key, this once. Escape alone does not lose it. */
export function MadeKeyDialog({ apiKey, onClose }: { apiKey: MadeKey; onClose: () => void }) {
  const t = keyTexts.value
  const copying = useSignal<'not yet' | 'done' | 'failed'>('not yet')

  const copy = async () => {
    try {
      await copyText(apiKey.key)
      copying.value = 'done'
    } catch {
      copying.value = 'failed'
    }
  }
  const leave = async () => {
    const question = { title: t.leaveTitle, text: t.leaveText, action: t.leave }
    if (copying.value === 'not yet' && !(await askFirst(question))) return
    onClose()
  }

  return (
    <Dialog
      title={t.madeTitle}
      class="made-key"
      onClose={() => void leave()}
      footer={
        <>
          <Button look="primary" icon="copy" onClick={() => void copy()}>
            {t.copyKey}
          </Button>
          <Button onClick={() => void leave()}>{t.done}</Button>
        </>
      }
    >
      <p>{t.madeText}</p>
      <Field label={t.keyItself} value={apiKey.key} readOnly />
      <p role="status" class={copying.value === 'failed' ? 'refusal' : 'hint'}>
        {copying.value === 'done' && t.keyCopied}
        {copying.value === 'failed' && t.keyNotCopied}
      </p>
    </Dialog>
  )
}
