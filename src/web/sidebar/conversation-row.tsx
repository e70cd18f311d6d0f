import { useSignal } from '@preact/signals'
import type { Conversation } from '../chat-api.ts'
import { live, shelf } from '../library.ts'
import { archive, pin, remove, rename, restore, unarchive } from '../library-acts.ts'
import { show } from '../open-dialog.ts'
import { follow } from '../parts/link.tsx'
import { conversationId, goToConversation, home, hrefOfConversation } from '../place.ts'
import { libraryTexts } from '../texts/library.ts'
import { words } from '../texts/words.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItems } from '../ui/menu.tsx'
import { TitleField } from '../ui/title-field.tsx'
import { unread } from '../unread.ts'
import { selection, toggle } from './selection.ts'
import { isDrawerOpen } from './sidebar-state.ts'

/** A conversation in the list: its title, what goes on there, and what can be done with it. */
export function ConversationRow({ conversation }: { conversation: Conversation }) {
  const isRenaming = useSignal(false)
  const t = libraryTexts.value
  const { id, title } = conversation
  const name = title ?? t.untitled
  if (selection.value !== null) return <SelectableRow id={id} name={name} />
  if (isRenaming.value) {
    return (
      <li class="row">
        <TitleField
          value={title ?? ''}
          onEnd={(next) => {
            isRenaming.value = false
            if (next !== null) void rename(conversation, next)
          }}
        />
      </li>
    )
  }
  const isCurrent = conversationId.value === id
  const startRenaming = () => {
    isRenaming.value = true
  }
  return (
    <li class={isCurrent ? 'row current' : 'row'}>
      {shelf.value === 'deleted' ? (
        <span class="row-title">
          <span class="row-name">{name}</span>
        </span>
      ) : (
        <a
          href={hrefOfConversation(id)}
          class="row-title"
          aria-current={isCurrent ? 'page' : undefined}
          title={name}
          onClick={(event) =>
            follow(event, () => {
              isDrawerOpen.value = false
              goToConversation(id)
            })
          }
        >
          <span class="row-name">{name}</span>
          <Dot id={id} />
        </a>
      )}
      <Menu
        name={t.optionsOf(name)}
        title={words.value.actions}
        class="icon-button quiet small row-menu"
        items={itemsFor(conversation, startRenaming)}
      >
        <Icon name="more" size={18} />
      </Menu>
    </li>
  )
}

function Dot({ id }: { id: string }) {
  const t = libraryTexts.value
  const isLive = live.value.has(id)
  if (!isLive && !unread.value.has(id)) return null
  return (
    <>
      <span class={isLive ? 'dot live' : 'dot'} aria-hidden="true" />
      <span class="visually-hidden"> ({isLive ? t.isLive : t.isUnread})</span>
    </>
  )
}

function itemsFor(conversation: Conversation, startRenaming: () => void): MenuItems {
  const t = libraryTexts.value
  const { id, title, pinned } = conversation
  if (shelf.value === 'deleted') {
    return [{ label: t.restore, icon: 'restore', onChoose: () => void restore(conversation) }]
  }
  return [
    { label: t.rename, icon: 'edit', onChoose: startRenaming },
    { label: pinned ? t.unpin : t.pin, icon: 'pin', onChoose: () => void pin(conversation, !pinned) },
    { label: t.tags, icon: 'tag', onChoose: () => show({ type: 'tags', conversation }) },
    { label: t.share, icon: 'link', onChoose: () => show({ type: 'share', conversationId: id, title }) },
    { label: t.exportMarkdown, icon: 'export', onChoose: () => download(id, 'markdown') },
    { label: t.exportJson, icon: 'export', onChoose: () => download(id, 'json') },
    shelf.value === 'archived'
      ? { label: t.fromArchive, icon: 'restore', onChoose: () => void unarchive(conversation) }
      : { label: t.toArchive, icon: 'archive', onChoose: () => void archive(conversation) },
    null,
    {
      label: words.value.delete,
      icon: 'bin',
      isDangerous: true,
      onChoose: () => void remove(conversation),
    },
  ]
}

/** The browser keeps it where it keeps downloads, under the name that the server gives. */
function download(id: string, format: 'markdown' | 'json'): void {
  const link = document.createElement('a')
  link.href = `${home()}api/v1/conversations/${id}/export?format=${format}`
  link.download = ''
  link.click()
}

function SelectableRow({ id, name }: { id: string; name: string }) {
  return (
    <li class="row">
      <label class="row-title selectable">
        <input
          type="checkbox"
          aria-label={libraryTexts.value.selectOne(name)}
          checked={selection.value?.has(id) === true}
          onChange={() => toggle(id)}
        />
        <span>{name}</span>
      </label>
    </li>
  )
}
