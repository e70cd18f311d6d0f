import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { Conversation } from '../chat-api.ts'
import { conversations, tags } from '../library.ts'
import { changeMany, tagWith } from '../library-acts.ts'
import { closeDialog } from '../open-dialog.ts'
import { selection } from '../sidebar/selection.ts'
import { libraryTexts } from '../texts/library.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Checkbox, Field } from '../ui/field.tsx'

/** Which tags a conversation has: each change holds at once. */
export function TagsDialog({ conversation: opened }: { conversation: Conversation }) {
  const t = libraryTexts.value
  // As it is by now.
  const conversation = conversations.value?.find(({ id }) => id === opened.id) ?? opened
  const ids = conversation.tags.map(({ id }) => id)
  return (
    <Dialog title={t.tagsOf} class="narrow-dialog" onClose={closeDialog}>
      <NewTag onAdd={(name) => tagWith(conversation, [...ids, name])} />
      <TagList>
        {tags.value.map(({ id, name }) => (
          <li key={id}>
            <Checkbox
              label={name}
              checked={ids.includes(id)}
              onChange={(isOn) =>
                void tagWith(conversation, isOn ? [...ids, id] : ids.filter((one) => one !== id))
              }
            />
          </li>
        ))}
      </TagList>
    </Dialog>
  )
}

/** One tag for all that are selected. */
export function TagManyDialog({ ids }: { ids: string[] }) {
  const t = libraryTexts.value
  const add = async (tag: string) => {
    closeDialog()
    await changeMany(ids, 'tag', tag)
    selection.value = null
    return true
  }
  return (
    <Dialog title={t.addTag} class="narrow-dialog" onClose={closeDialog}>
      <NewTag onAdd={add} />
      <TagList>
        {tags.value.map(({ id, name }) => (
          <li key={id}>
            <Button small icon="tag" onClick={() => void add(id)}>
              {name}
            </Button>
          </li>
        ))}
      </TagList>
    </Dialog>
  )
}

function TagList({ children }: { children: ComponentChildren }) {
  if (tags.value.length === 0) return <p class="hint">{libraryTexts.value.noTags}</p>
  return <ul class="tag-list">{children}</ul>
}

function NewTag({ onAdd }: { onAdd: (name: string) => Promise<boolean> }) {
  const t = libraryTexts.value
  const name = useSignal('')
  const add = async (event: Event) => {
    event.preventDefault()
    const wanted = name.value.trim()
    if (wanted !== '' && (await onAdd(wanted))) name.value = ''
  }
  return (
    <form class="inline-form" onSubmit={(event) => void add(event)}>
      <Field label={t.newTag} text={name} maxLength={50} />
      <Button type="submit" disabled={name.value.trim() === ''}>
        {t.add}
      </Button>
    </form>
  )
}
