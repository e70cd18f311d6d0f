import { useSignal } from '@preact/signals'
import { readList, readTags, tags } from '../library.ts'
import { tried } from '../library-acts.ts'
import { deleteTag, type ListedTag, renameTag } from '../library-api.ts'
import { closeDialog } from '../open-dialog.ts'
import { libraryTexts } from '../texts/library.ts'
import { words } from '../texts/words.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { askFirst } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { Field } from '../ui/field.tsx'

/** All tags: renamed, made one with another, deleted. */
export function ManageTagsDialog() {
  const t = libraryTexts.value
  return (
    <Dialog title={t.manageTags} onClose={closeDialog}>
      {tags.value.length === 0 && <Empty text={t.noTags} icon="tag" />}
      <ul class="managed-tags">
        {tags.value.map((tag) => (
          <li key={tag.id}>
            <ManagedTag tag={tag} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function ManagedTag({ tag }: { tag: ListedTag }) {
  const t = libraryTexts.value
  const isRenaming = useSignal(false)
  const name = useSignal(tag.name)
  if (!isRenaming.value) {
    return (
      <div class="managed-tag">
        <span class="managed-name">{tag.name}</span>
        <span class="hint">{t.tagCount(tag.count)}</span>
        <IconButton
          small
          name={t.renameTag(tag.name)}
          icon="edit"
          onClick={() => {
            name.value = tag.name
            isRenaming.value = true
          }}
        />
        <IconButton small name={t.deleteTag(tag.name)} icon="bin" onClick={() => void remove(tag)} />
      </div>
    )
  }
  const save = async (event: Event) => {
    event.preventDefault()
    if (await rename(tag, name.value.trim())) isRenaming.value = false
  }
  return (
    <form class="inline-form" onSubmit={(event) => void save(event)}>
      <Field label={t.tagName} autofocus text={name} maxLength={50} />
      <Button
        onClick={() => {
          isRenaming.value = false
        }}
      >
        {words.value.cancel}
      </Button>
      <Button type="submit" look="primary" disabled={name.value.trim() === ''}>
        {words.value.save}
      </Button>
    </form>
  )
}

async function rename(tag: ListedTag, name: string): Promise<boolean> {
  const t = libraryTexts.value
  const other = tags.value.find((one) => one.id !== tag.id && one.name.toLowerCase() === name.toLowerCase())
  if (other !== undefined) {
    const question = { title: t.mergeTitle, text: t.mergeText(tag.name, other.name), action: t.merge }
    if (!(await askFirst({ ...question, isDangerous: true }))) return false
  }
  // Under the name that was just read, however it was written now.
  return change(() => renameTag(tag.id, other?.name ?? name, other !== undefined))
}

async function remove(tag: ListedTag): Promise<void> {
  const t = libraryTexts.value
  const question = { title: t.deleteTagTitle(tag.name), text: t.deleteTagText, action: words.value.delete }
  if (await askFirst({ ...question, isDangerous: true })) await change(() => deleteTag(tag.id))
}

function change(act: () => Promise<unknown>): Promise<boolean> {
  return tried(async () => {
    await act()
    await Promise.all([readTags(), readList()])
  })
}
