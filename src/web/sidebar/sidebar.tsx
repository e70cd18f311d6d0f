import { startAnew } from '../conversation.ts'
import { conversations, shelf } from '../library.ts'
import { show } from '../open-dialog.ts'
import { Brand } from '../parts/brand.tsx'
import { libraryTexts } from '../texts/library.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { AccountMenu } from './account-menu.tsx'
import { ConversationList } from './conversation-list.tsx'
import { selection } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { isDrawerOpen, toggleSidebar } from './sidebar-state.ts'
import { TagFilter } from './tag-filter.tsx'

/** All conversations of a person, and the ways to what else there is. */
export function Sidebar() {
  const t = libraryTexts.value
  return (
    <>
      <div class="side-head">
        <Brand />
        <IconButton name={t.hideSidebar} icon="sidebar" keys="Control+Shift+S" onClick={toggleSidebar} />
      </div>
      <div class="side-acts">
        <Button
          wide
          icon="newChat"
          onClick={() => {
            isDrawerOpen.value = false
            void startAnew()
          }}
        >
          {t.newChat}
        </Button>
        <Button wide look="quiet" icon="search" onClick={() => show({ type: 'search' })}>
          {t.search}
        </Button>
      </div>
      {shelf.value === 'current' && <TagFilter />}
      <nav class="side-list" aria-label={t.conversations}>
        {shelf.value !== 'current' && <ShelfHead />}
        <ConversationList />
      </nav>
      {selection.value === null ? <Shelves /> : <SelectionBar />}
      <div class="side-foot">
        <AccountMenu />
      </div>
    </>
  )
}

function ShelfHead() {
  const t = libraryTexts.value
  return (
    <div class="shelf-head">
      <IconButton
        small
        name={t.backToList}
        icon="back"
        onClick={() => {
          shelf.value = 'current'
        }}
      />
      <div>
        <h2>{shelf.value === 'archived' ? t.archive : t.bin}</h2>
        {shelf.value === 'deleted' && <p class="hint">{t.binHint}</p>}
      </div>
    </div>
  )
}

function Shelves() {
  const t = libraryTexts.value
  const isEmpty = (conversations.value ?? []).length === 0
  return (
    <div class="shelves">
      <IconButton
        small
        name={t.archive}
        icon="archive"
        pressed={shelf.value === 'archived'}
        onClick={() => {
          shelf.value = shelf.value === 'archived' ? 'current' : 'archived'
        }}
      />
      <IconButton
        small
        name={t.bin}
        icon="bin"
        pressed={shelf.value === 'deleted'}
        onClick={() => {
          shelf.value = shelf.value === 'deleted' ? 'current' : 'deleted'
        }}
      />
      <IconButton
        small
        name={t.select}
        icon="select"
        disabled={isEmpty}
        onClick={() => {
          selection.value = new Set()
        }}
      />
    </div>
  )
}
