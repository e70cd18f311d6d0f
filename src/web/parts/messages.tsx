import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { type Message, messages, running, sendAgain } from '../conversation.ts'
import { texts } from '../texts.ts'
import { Markdown } from './markdown.tsx'

export function Messages() {
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)

  // Follows the answer, but never drags back a reader who has scrolled up.
  const noteScroll = () => {
    const element = scroller.current
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80
  }
  useLayoutEffect(() => {
    const element = scroller.current
    if (element && (atEnd.current || messages.value.at(-1)?.content === ''))
      element.scrollTop = element.scrollHeight
  }, [messages.value])

  return (
    <div
      class="messages"
      role="log"
      aria-label={texts.value.conversation}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
      tabIndex={0}
      ref={scroller}
      onScroll={noteScroll}
    >
      {messages.value.map((message, index) => (
        <MessageView key={index} message={message} last={index === messages.value.length - 1} />
      ))}
    </div>
  )
}

function MessageView({ message, last }: { message: Message; last: boolean }) {
  const t = texts.value
  const writing = last && running.value !== null
  return (
    <article class={`message ${message.role}`} aria-busy={writing}>
      <h2 class="visually-hidden">{message.role === 'user' ? t.you : t.assistant}</h2>
      {message.role === 'user' ? (
        <p class="bubble">{message.content}</p>
      ) : (
        <Markdown text={message.content} />
      )}
      {writing && message.content === '' && <p class="hint thinking">{t.thinking}</p>}
      {message.fault && <p class="refusal">{t[message.fault]}</p>}
      {message.role === 'assistant' && !writing && (
        <div class="message-actions">
          {message.content !== '' && <CopyButton text={message.content} />}
          {last && message.fault && (
            <button type="button" class="small" onClick={sendAgain}>
              {t.tryAgain}
            </button>
          )}
        </div>
      )}
    </article>
  )
}

function CopyButton({ text }: { text: string }) {
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
      {copied.value ? texts.value.copied : texts.value.copy}
    </button>
  )
}
