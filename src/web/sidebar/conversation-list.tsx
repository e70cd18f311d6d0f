import { useEffect, useRef } from 'preact/hooks'
import { locale } from '../language.ts'
import { conversations, hasMore, listFault, readList, readMore, shelf, tagFilter } from '../library.ts'
import { libraryTexts } from '../texts/library.ts'
import { texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Spinner } from '../ui/progress.tsx'
import { ConversationRow } from './conversation-row.tsx'
import { type DateGroup, groupByDate } from './date-groups.ts'

/** The conversations of the shelf that is shown, more of them as one scrolls. */
export function ConversationList() {
  const all = conversations.value
  if (listFault.value !== null) return <Fault />
  if (all === null) return <Spinner />
  if (all.length === 0) return <Empty text={nothingText()} />
  return (
    <>
      {groupByDate(all, new Date()).map(({ key, group, items }) => (
        <section key={key} class="group" aria-labelledby={`group-${key}`}>
          <h3 id={`group-${key}`}>{nameOf(group)}</h3>
          <ul>
            {items.map((conversation) => (
              <ConversationRow key={conversation.id} conversation={conversation} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore.value && <Bottom />}
    </>
  )
}

/** When it comes into sight the next page is read. */
function Bottom() {
  const mark = useRef<HTMLDivElement>(null)
  const { length } = conversations.value ?? []
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void readMore()
      },
      { rootMargin: '200px' },
    )
    if (mark.current) observer.observe(mark.current)
    return () => observer.disconnect()
    // It may still be in sight after a page: then there is no crossing, and it has to be looked at anew.
  }, [length])
  return (
    <div ref={mark}>
      <Spinner />
    </div>
  )
}

function Fault() {
  return (
    <div class="empty">
      <p class="refusal">{listFault.value && texts.value[listFault.value]}</p>
      <Button small onClick={() => void readList()}>
        {texts.value.tryAgain}
      </Button>
    </div>
  )
}

function nothingText(): string {
  const t = libraryTexts.value
  if (tagFilter.value !== null) return t.noneTagged
  return { current: t.none, archived: t.noneArchived, deleted: t.noneDeleted }[shelf.value]
}

function nameOf(group: DateGroup): string {
  if (typeof group === 'string') return libraryTexts.value[group]
  const date = new Date(group.year, group.month)
  const isThisYear = group.year === new Date().getFullYear()
  return date.toLocaleDateString(locale.value, {
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}
