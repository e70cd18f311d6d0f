import { useCopying } from '../use-copying.ts'
import { markdownTexts } from './texts.ts'

export function CopyButton({ text }: { text: string }) {
  const { isCopied, copy } = useCopying(text)
  return (
    <button type="button" onClick={copy}>
      {isCopied ? markdownTexts.value.copied : markdownTexts.value.copy}
    </button>
  )
}
