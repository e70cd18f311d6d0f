import { signal } from '@preact/signals'
import { Fragment, type VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { talk } from '../conversation.ts'
import { SummaryLine } from '../parts/summary-line.tsx'
import { hasEarlier, type Message, messages, writing } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { texts } from '../texts.ts'
import { IconButton } from '../ui/button.tsx'
import { found, seek } from '../wanted-message.ts'
import { MessageView } from './message-view.tsx'
import { elementOf, restoreView } from './scroll-anchor.ts'

/** The reader has scrolled away from the end. */
const isAway = signal(false)
const nearPx = 80

/** What was said, the newest below; what came before is read as one scrolls up. */
export function Messages() {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const views = useRef(new Map<string, Drawn>())
  const first = useRef<{ key: string; top: number } | null>(null)
  const all = messages.value

  const toEnd = () => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  }
  const noteScroll = () => {
    const element = scroller.current
    if (!element) return
    isAway.value = element.scrollHeight - element.scrollTop - element.clientHeight > nearPx
    first.current = placeOfFirst()
  }

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const hasAsked = all.at(-1)?.content === '' && all.at(-1)?.key.startsWith('new-')
    if (restoreView(element)) noteScroll()
    else if (!isAway.value || hasAsked) toEnd()
    else stayAt(element, first.current)
    first.current = placeOfFirst()
  }, [all])

  // What grows by itself: an answer that is written, a formula that is drawn later.
  useEffect(() => {
    isAway.value = false
    if (!content.current) return
    const observer = new ResizeObserver(() => {
      if (!isAway.value) toEnd()
    })
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [])

  useEffect(() => void seek(), [all])
  useEffect(() => {
    const element = found.value === null ? null : elementOf(found.value)
    if (element === null) return
    isAway.value = true
    element.scrollIntoView({ block: 'center' })
    element.focus({ preventScroll: true })
  }, [found.value])

  return (
    <>
      <div
        class="messages"
        role="log"
        aria-live="off"
        aria-label={texts.value.conversation}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
        tabIndex={0}
        ref={scroller}
        onScroll={noteScroll}
      >
        <div ref={content}>
          {hasEarlier.value && <Earlier scroller={scroller} />}
          {drawAll(all, views.current)}
        </div>
      </div>
      {isAway.value && (
        <div class="to-end">
          <IconButton name={chatTexts.value.toEnd} icon="arrowDown" onClick={toEnd} />
        </div>
      )}
    </>
  )
}

interface Drawn {
  message: Message
  isLast: boolean
  isWritten: boolean
  /** Where the last summary begins to stand for what is above. */
  isSummarised: boolean
  view: VNode
}

/** A view that is the same object as before is not compared: while one answer grows, thousands stay as they are. */
function drawAll(all: Message[], drawn: Map<string, Drawn>): VNode[] {
  const known = new Set<string>()
  const summarisedTo = all.findLastIndex(({ isSummarised }) => isSummarised)
  const views = all.map((message, at) => {
    const { key } = message
    const isLast = at === all.length - 1
    const isWritten = writing.value === key
    const isSummarised = at === summarisedTo
    known.add(key)
    const before = drawn.get(key)
    if (
      before?.message === message &&
      before.isLast === isLast &&
      before.isWritten === isWritten &&
      before.isSummarised === isSummarised
    )
      return before.view
    const view = (
      <Fragment key={key}>
        <MessageView message={message} isLast={isLast} isWritten={isWritten} />
        {isSummarised && <SummaryLine messageId={key} />}
      </Fragment>
    )
    drawn.set(key, { message, isLast, isWritten, isSummarised, view })
    return view
  })
  for (const key of drawn.keys()) if (!known.has(key)) drawn.delete(key)
  return views
}

/** When it comes near, the page before is read; the button is for whoever does not scroll. */
function Earlier({ scroller }: { scroller: { current: HTMLElement | null } }) {
  const button = useRef<HTMLParagraphElement>(null)
  const { length } = messages.value
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void talk.value.showEarlier()
      },
      { root: scroller.current, rootMargin: '600px 0px 0px' },
    )
    if (button.current) observer.observe(button.current)
    return () => observer.disconnect()
  }, [length])
  return (
    <p class="earlier" ref={button}>
      <button type="button" class="button quiet small" onClick={() => void talk.value.showEarlier()}>
        {texts.value.earlier}
      </button>
    </p>
  )
}

/** Where the message stands that comes first now. */
function placeOfFirst(): { key: string; top: number } | null {
  const key = messages.peek()[0]?.key
  const top = key === undefined ? undefined : elementOf(key)?.getBoundingClientRect().top
  return key === undefined || top === undefined ? null : { key, top }
}

/** What has come above it moves nothing that is looked at. */
function stayAt(scroller: HTMLElement, before: { key: string; top: number } | null): void {
  if (before === null || messages.peek()[0]?.key === before.key) return
  const element = elementOf(before.key)
  if (element) scroller.scrollTop += element.getBoundingClientRect().top - before.top
}
