import { tagFilter, tags } from '../library.ts'
import { show } from '../open-dialog.ts'
import { libraryTexts } from '../texts/library.ts'
import { IconButton } from '../ui/button.tsx'

/** Shows the conversations that have one tag. There is nothing to see before there are tags. */
export function TagFilter() {
  const t = libraryTexts.value
  if (tags.value.length === 0) return null
  return (
    <div class="tag-filter">
      <fieldset class="chips" aria-label={t.tags}>
        {tags.value.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            class="chip"
            aria-pressed={tagFilter.value === id}
            onClick={() => {
              tagFilter.value = tagFilter.value === id ? null : id
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <IconButton small name={t.manageTags} icon="settings" onClick={() => show({ type: 'manage_tags' })} />
    </div>
  )
}
