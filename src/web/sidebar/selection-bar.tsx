import { shelf } from '../library.ts'
import { changeMany } from '../library-acts.ts'
import type { ManyAction } from '../library-api.ts'
import { show } from '../open-dialog.ts'
import { libraryTexts } from '../texts/library.ts'
import { words } from '../texts/words.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { askFirst } from '../ui/confirm.tsx'
import { isAllSelected, selectAll, selection } from './selection.ts'

/** What is done with all that are selected. */
export function SelectionBar() {
  const t = libraryTexts.value
  const ids = [...(selection.value ?? [])]
  const isNone = ids.length === 0
  const act = async (action: ManyAction) => {
    await changeMany(ids, action)
    selection.value = null
  }
  const deleteAll = async () => {
    const question = { title: t.deleteMany(ids.length), text: t.deleteManyText, action: words.value.delete }
    if (await askFirst({ ...question, isDangerous: true })) await act('delete')
  }
  return (
    <div class="selection-bar">
      <SelectAll />
      <span role="status">{t.selected(ids.length)}</span>
      {shelf.value === 'deleted' ? (
        <IconButton
          small
          name={t.restore}
          icon="restore"
          disabled={isNone}
          onClick={() => void act('restore')}
        />
      ) : (
        <>
          <IconButton
            small
            name={t.addTag}
            icon="tag"
            disabled={isNone}
            onClick={() => show({ type: 'tag_many', ids })}
          />
          {shelf.value === 'archived' ? (
            <IconButton
              small
              name={t.fromArchive}
              icon="restore"
              disabled={isNone}
              onClick={() => void act('unarchive')}
            />
          ) : (
            <IconButton
              small
              name={t.toArchive}
              icon="archive"
              disabled={isNone}
              onClick={() => void act('archive')}
            />
          )}
          <IconButton
            small
            name={words.value.delete}
            icon="bin"
            disabled={isNone}
            onClick={() => void deleteAll()}
          />
        </>
      )}
      <Button
        small
        onClick={() => {
          selection.value = null
        }}
      >
        {t.endSelection}
      </Button>
    </div>
  )
}

function SelectAll() {
  const t = libraryTexts.value
  const isAll = isAllSelected()
  return (
    <input
      type="checkbox"
      aria-label={t.selectAll}
      title={t.selectAll}
      checked={isAll === true}
      indeterminate={isAll === null}
      onChange={() => {
        if (isAll === true) selection.value = new Set()
        else void selectAll()
      }}
    />
  )
}
