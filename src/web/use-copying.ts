import { useSignal } from '@preact/signals'
import { copyText } from './copy-text.ts'
import { chatTexts } from './texts/chat.ts'
import { sayFault } from './ui/toast.tsx'

const shownMs = 1500

/** For a button that copies: whether that was done a moment ago, and the act itself. Says so when the browser refuses. */
export function useCopying(text: string): { isCopied: boolean; copy: () => void } {
  const isCopied = useSignal(false)
  const copy = async () => {
    try {
      await copyText(text)
    } catch {
      return sayFault(chatTexts.value.copyFailed)
    }
    isCopied.value = true
    setTimeout(() => {
      isCopied.value = false
    }, shownMs)
  }
  return { isCopied: isCopied.value, copy: () => void copy() }
}
