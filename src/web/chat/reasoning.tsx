import { chatTexts } from '../texts/chat.ts'
import { Icon } from '../ui/icon.tsx'

/** What the model thought before it spoke: folded away, for those who want to know. */
export function Reasoning({ text, isThinking }: { text: string; isThinking: boolean }) {
  const t = chatTexts.value
  return (
    <details class="reasoning">
      <summary>
        <Icon name="chevronRight" size={16} />
        <span class={isThinking ? 'glow' : undefined}>{isThinking ? t.thinking : t.thoughts}</span>
      </summary>
      <p>{text}</p>
    </details>
  )
}
