import { useSignal } from '@preact/signals'
import { markdownTexts } from './texts.ts'

export function CopyButton({ text }: { text: string }) {
  const copied = useSignal(false)
  // Browsers offer the clipboard to pages served over https or from this machine only.
  if (!navigator.clipboard) return null
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    copied.value = true
    setTimeout(() => {
      copied.value = false
    }, 1500)
  }
  return (
    <button type="button" class="small" onClick={() => void copy()}>
      {copied.value ? markdownTexts.value.copied : markdownTexts.value.copy}
    </button>
  )
}
