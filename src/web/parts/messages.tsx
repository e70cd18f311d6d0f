import { Fragment } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { talk } from '../conversation.ts'
import { CopyButton } from '../markdown/copy-button.tsx'
import { Markdown } from '../markdown/markdown.tsx'
import { hasEarlier, type Message, messages, writing } from '../talk.ts'
import { texts } from '../texts.ts'
import { SummaryLine } from './summary-line.tsx'

export function Messages() {
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const before = useRef({ first: '', height: 0 })

  // Follows the answer, but never drags back a reader who has scrolled up.
  const noteScroll = () => {
    const element = scroller.current
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80
  }
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const first = messages.value[0]?.key ?? ''
    if (atEnd.current || messages.value.at(-1)?.content === '') element.scrollTop = element.scrollHeight
    else if (first !== before.current.first) element.scrollTop += element.scrollHeight - before.current.height
    before.current = { first, height: element.scrollHeight }
  }, [messages.value])

  // The last one grows after it was told to: what is written is drawn in its own time.
  useEffect(() => {
    const element = scroller.current
    const last = element?.lastElementChild
    if (!element || !last) return
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(last)
    return () => observer.disconnect()
  }, [messages.value.at(-1)?.key])
  const summarisedTo = messages.value.findLastIndex(({ isSummarised }) => isSummarised)

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
      {hasEarlier.value && (
        <p class="earlier">
          <button type="button" class="small" onClick={() => void talk.value.showEarlier()}>
            {texts.value.earlier}
          </button>
        </p>
      )}
      {messages.value.map((message, index) => (
        <Fragment key={message.key}>
          <MessageView message={message} isLast={index === messages.value.length - 1} />
          {index === summarisedTo && <SummaryLine messageId={message.key} />}
        </Fragment>
      ))}
    </div>
  )
}

function MessageView({ message, isLast }: { message: Message; isLast: boolean }) {
  const t = texts.value
  const isWritten = writing.value === message.key
  return (
    <article class={`message ${message.role}`} aria-busy={isWritten}>
      <h2 class="visually-hidden">{message.role === 'user' ? t.you : t.assistant}</h2>
      {message.role === 'user' ? (
        <p class="bubble">{message.content}</p>
      ) : (
        <Markdown text={message.content} isStreaming={isWritten} />
      )}
      {isWritten && message.content === '' && <p class="hint thinking">{t.thinking}</p>}
      {message.fault && <p class="refusal">{t[message.fault]}</p>}
      {message.role === 'assistant' && !isWritten && (
        <div class="message-actions">
          {message.content !== '' && <CopyButton text={message.content} />}
          {isLast && message.remedy && (
            <button type="button" class="small" onClick={() => void talk.value.mend()}>
              {message.remedy === 'go_on' ? t.continueAnswer : t.tryAgain}
            </button>
          )}
        </div>
      )}
    </article>
  )
}
