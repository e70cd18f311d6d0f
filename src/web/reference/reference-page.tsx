import { computed, effect, signal } from '@preact/signals'
import { chooseLanguage, language } from '../language.ts'
import { chooseTheme, theme, themes } from '../theme.ts'
import { find, isUnreadable, operationsOf, type Placed, readReference, reference } from './document.ts'
import { opened } from './opened.ts'
import { OperationCard } from './operation-card.tsx'
import { texts } from './texts.ts'
import { Words } from './words.tsx'

/** No operation is called so. */
const searchId = 'reference-search'
const wanted = signal('')
const all = computed(() => (reference.value === null ? [] : operationsOf(reference.value)))
const found = computed(() => find(all.value, wanted.value))

effect(() => {
  document.title = `${texts.value.title} · ${reference.value?.info.title ?? 'CloudChat'}`
})
addEventListener('hashchange', () => {
  // Whoever follows a link wants to see where it leads, whatever was looked for before.
  if (!found.value.some(({ operationId }) => operationId === opened.value)) wanted.value = ''
})
document.addEventListener('keydown', (event) => {
  const field = document.getElementById(searchId)
  if (event.key !== '/' || field === null || document.activeElement === field) return
  event.preventDefault()
  field.focus()
})
void readReference()

/** Beside the text there is room for all of the contents. */
const isWide = matchMedia('(min-width: 56.01rem)').matches

/** All that the service can do, by chapters. */
export function ReferencePage() {
  const t = texts.value
  return (
    <>
      <Bar />
      <div class="layout">
        <nav aria-label={t.contents}>
          <Search />
          {reference.value?.tags.map(({ name }) => (
            <Contents key={name} tag={name} />
          ))}
        </nav>
        <main aria-busy={reference.value === null && !isUnreadable.value}>
          <h1>
            {t.title} {reference.value && <span class="note">{reference.value.info.version}</span>}
          </h1>
          {reference.value === null ? (
            <p role="status">{isUnreadable.value ? t.unreadable : t.loading}</p>
          ) : (
            <Chapters />
          )}
        </main>
      </div>
    </>
  )
}

function Bar() {
  const t = texts.value
  const nextTheme = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system'
  return (
    <header class="bar">
      <a href="./" class="brand">
        {reference.value?.info.title ?? 'CloudChat'}
      </a>
      <a href="./" class="quiet">
        {t.toChat}
      </a>
      <a href="api/v1/openapi.json" class="quiet">
        {t.document}
      </a>
      <span class="gap" />
      <button type="button" onClick={() => chooseTheme(nextTheme)}>
        {t.theme[theme.value]}
      </button>
      <button type="button" onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}>
        {t.language}
      </button>
    </header>
  )
}

function Search() {
  const t = texts.value
  return (
    <search class="search">
      <label class="visually-hidden" for={searchId}>
        {t.search}
      </label>
      <input
        id={searchId}
        type="search"
        placeholder={`${t.search}  /`}
        autocomplete="off"
        value={wanted.value}
        onInput={(event) => {
          wanted.value = event.currentTarget.value
        }}
      />
      <p class="note" role="status">
        {found.value.length} {t.found}
      </p>
    </search>
  )
}

function Contents({ tag }: { tag: string }) {
  const operations = ofTag(tag)
  if (operations.length === 0) return null
  return (
    <details class="contents" open={isWide || wanted.value !== ''}>
      <summary>{tag}</summary>
      <ul>
        {operations.map(({ operationId, method, summary }) => (
          <li key={operationId}>
            <a href={`#${operationId}`}>
              <span class={`method ${method.toLowerCase()}`}>{method}</span> {summary}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Chapters() {
  const t = texts.value
  const { info, tags } = reference.value ?? { info: null, tags: [] }
  return (
    <>
      {wanted.value === '' && info && (
        <div class="overview">
          <Words text={info.description} />
        </div>
      )}
      {found.value.length === 0 && <p>{t.nothing}</p>}
      {tags.map(({ name, description }) => {
        const operations = ofTag(name)
        if (operations.length === 0) return null
        return (
          <section key={name} class="chapter">
            <h2>{name}</h2>
            {wanted.value === '' && <Words text={description} />}
            {operations.map((operation) => (
              <OperationCard key={operation.operationId} operation={operation} />
            ))}
          </section>
        )
      })}
    </>
  )
}

function ofTag(tag: string): Placed[] {
  return found.value.filter(({ tags }) => tags.includes(tag))
}
