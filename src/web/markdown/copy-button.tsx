import { useSignal } from '@preact/signals'
import { copyText } from '../copy-text.ts'
import { chatTexts } from '../texts/chat.ts'
import { sayFault } from '../ui/toast.tsx'
import { markdownTexts } from './texts.ts'

export function CopyButton({ text }: { text: string }) {
  const copied = useSignal(false)
  const copy = async () => {
    try {
      await copyText(text)
    } catch {
      return sayFault(chatTexts.value.copyFailed)
    }
    copied.value = true
    setTimeout(() => {
      copied.value = false
    }, 1500)
  }
  return (
    <button type="button" onClick={() => void copy()}>
      {copied.value ? markdownTexts.value.copied : markdownTexts.value.copy}
    </button>
  )
}
