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
import { groupMessages } from './group-messages.ts'
import { MessageView } from './message-view.tsx'
import { elementOf, restoreView } from './scroll-anchor.ts'
import { useGroupInSight } from './use-in-sight.ts'

/** The reader has scrolled away from the end. */
const isAway = signal(false)
const nearPx = 80

/** What was said, the newest below; what came before is read as one scrolls up. */
export function Messages() {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const views = useRef(new Map<string, Drawn>())
  const groups = useRef(new Map<string, string>())
  const first = useRef<string | undefined>(undefined)
  const held = useRef<Place | null>(null)
  const last = useRef({ height: -1, top: -1 })
  const all = messages.value
  // Measured now, before anything is drawn: since it was last scrolled, what is above may have got another height.
  const before = first.current === all[0]?.key ? null : placeOf(scroller.current)

  const toEnd = () => {
    const element = scroller.current
    if (!element) return
    element.scrollTop = element.scrollHeight
    last.current = { height: element.scrollHeight, top: element.scrollTop }
  }
  const noteScroll = () => {
    const element = scroller.current
    if (!element) return
    const { scrollHeight: height, scrollTop: top, clientHeight } = element
    // It is where it was, and not by the reader: what is there has grown since.
    if (!isAway.value && top === last.current.top) return
    // Whoever goes up, however slowly, is not to be pulled back by the next word.
    const isLeaving = height === last.current.height && top < last.current.top
    isAway.value = height - top - clientHeight > (isLeaving ? 1 : nearPx)
    last.current = { height, top }
    if (held.current) held.current.top = held.current.element.getBoundingClientRect().top
  }

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const hasAsked = all.at(-1)?.content === '' && all.at(-1)?.key.startsWith('new-')
    if (restoreView(element)) noteScroll()
    else if (!isAway.value || hasAsked) toEnd()
    else if (before !== null) {
      stayAt(element, before)
      hold(held, before)
    }
    first.current = all[0]?.key
  }, [all])

  // What grows by itself: an answer that is written, a formula that is drawn later.
  useEffect(() => {
    isAway.value = false
    if (!content.current) return
    let isUnfolding = false
    content.current.addEventListener('click', ({ target }) => {
      if (!(target instanceof Element && target.closest('summary, .unfold'))) return
      isUnfolding = true
      twoFramesOn(() => {
        isUnfolding = false
      })
    })
    const observer = new ResizeObserver(() => {
      // Who unfolds something reads on from there.
      if (isUnfolding) {
        last.current = { height: -1, top: -1 }
        noteScroll()
      } else if (!isAway.value) toEnd()
      else if (scroller.current && held.current) stayAt(scroller.current, held.current)
    })
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [])

  useEffect(() => void seek(), [all])
  useEffect(() => {
    const element = found.value === null ? null : elementOf(found.value)
    if (element === null || scroller.current === null) return
    isAway.value = scroller.current.scrollHeight > scroller.current.clientHeight
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
          {inGroups(all, groups.current, drawAll(all, views.current))}
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
function drawAll(all: Message[], drawn: Map<string, Drawn>): Map<string, VNode> {
  const views = new Map<string, VNode>()
  const summarisedTo = all.findLastIndex(({ isSummarised }) => isSummarised)
  for (const [at, message] of all.entries()) {
    const { key } = message
    const isLast = at === all.length - 1
    const isWritten = writing.value === key
    const isSummarised = at === summarisedTo
    const before = drawn.get(key)
    if (
      before?.message === message &&
      before.isLast === isLast &&
      before.isWritten === isWritten &&
      before.isSummarised === isSummarised
    ) {
      views.set(key, before.view)
      continue
    }
    const view = (
      <Fragment key={key}>
        <MessageView message={message} isLast={isLast} isWritten={isWritten} />
        {isSummarised && <SummaryLine messageId={key} />}
      </Fragment>
    )
    drawn.set(key, { message, isLast, isWritten, isSummarised, view })
    views.set(key, view)
  }
  for (const key of drawn.keys()) if (!views.has(key)) drawn.delete(key)
  return views
}

/** The browser looks after a few groups instead of thousands of messages, of which it would ask each where it is. */
function inGroups(all: Message[], groups: Map<string, string>, views: Map<string, VNode>): VNode[] {
  return groupMessages(all, groups).map(({ id, messages }) => (
    <Group key={id} views={messages.flatMap(({ key }) => views.get(key) ?? [])} />
  ))
}

function Group({ views }: { views: VNode[] }) {
  const element = useRef<HTMLDivElement>(null)
  useGroupInSight(element)
  return (
    <div class="message-group" style={{ '--messages': views.length }} ref={element}>
      {views}
    </div>
  )
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

interface Place {
  element: Element
  top: number
}

/** Of the first message that can be seen. It is among the first, where earlier ones are read. */
function placeOf(scroller: HTMLElement | null): Place | null {
  if (scroller === null) return null
  const { top: edge } = scroller.getBoundingClientRect()
  const [first, ...others] = [...scroller.querySelectorAll('article')].slice(0, 30)
  if (first === undefined) return null
  const element = [first, ...others].find((one) => one.getBoundingClientRect().bottom > edge) ?? first
  return { element, top: element.getBoundingClientRect().top }
}

/** What has come above it moves nothing that is looked at. */
function stayAt(scroller: HTMLElement, { element, top }: Place): void {
  if (element.isConnected) scroller.scrollTop += element.getBoundingClientRect().top - top
}

/** What has come gets its true height as it is drawn; the browser itself makes up for what changes later. */
function hold(held: { current: Place | null }, place: Place): void {
  held.current = place
  twoFramesOn(() => {
    if (held.current === place) held.current = null
  })
}

function twoFramesOn(act: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(act))
}
