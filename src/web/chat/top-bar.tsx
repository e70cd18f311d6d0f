import { useSignal } from '@preact/signals'
import { startAnew } from '../conversation.ts'
import { rename } from '../library-acts.ts'
import { chooseModel, currentModel, models } from '../models.ts'
import { newChatWish } from '../new-chat.ts'
import { show } from '../open-dialog.ts'
import { conversationId } from '../place.ts'
import { isSidebarShown, toggleSidebar } from '../sidebar/sidebar-state.ts'
import { isEmpty, opened, title } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { libraryTexts } from '../texts/library.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { TitleField } from '../ui/title-field.tsx'
import { isNarrow } from '../window-size.ts'
import { modelItems } from './model-menu.ts'

/** Above a conversation: what it is called, who answers, and what can be set. */
export function TopBar() {
  const t = chatTexts.value
  const conversation = opened.value
  return (
    <header class="top-bar">
      <SidebarButtons />
      <div class="top-middle">
        <ModelPicker />
        <Title />
      </div>
      {conversation === null && conversationId.value === null && <TemporaryButton />}
      {conversation?.temporary && (
        <span class="badge" title={t.temporaryHint}>
          <Icon name="ghost" size={16} /> <span class="badge-words">{t.temporary}</span>
        </span>
      )}
      {conversation !== null && !conversation.temporary && !isEmpty.value && (
        <IconButton
          name={libraryTexts.value.share}
          icon="share"
          onClick={() => show({ type: 'share', conversationId: conversation.id, title: title.value })}
        />
      )}
      <IconButton name={t.options} icon="settings" onClick={() => show({ type: 'options' })} />
    </header>
  )
}

/** Above any other page. */
export function PageBar() {
  return (
    <header class="top-bar">
      <SidebarButtons />
    </header>
  )
}

/** What the sidebar would offer, while it is not there. */
function SidebarButtons() {
  const t = libraryTexts.value
  if (!isNarrow.value && isSidebarShown.value) return null
  return (
    <>
      <IconButton
        name={t.showSidebar}
        icon={isNarrow.value ? 'menu' : 'sidebar'}
        keys="Control+Shift+S"
        onClick={toggleSidebar}
      />
      <IconButton name={t.newChat} icon="newChat" keys="Control+Shift+O" onClick={() => void startAnew()} />
    </>
  )
}

function ModelPicker() {
  const t = chatTexts.value
  const model = currentModel.value
  if (models.value.length === 0) return null
  const name = model?.name ?? opened.value?.model ?? t.defaultModel
  return (
    <Menu
      name={t.modelOf(name)}
      class="button quiet model-button"
      items={modelItems(model?.id ?? '', (id) => void chooseModel(id))}
    >
      <span>{name}</span>
      <Icon name="chevronDown" size={16} />
    </Menu>
  )
}

function Title() {
  const isChanging = useSignal(false)
  const conversation = opened.value
  if (conversation === null || title.value === null) return null
  if (isChanging.value) {
    return (
      <TitleField
        value={title.value}
        onEnd={(next) => {
          isChanging.value = false
          if (next !== null) void rename(conversation, next)
        }}
      />
    )
  }
  return (
    <button
      type="button"
      class="top-title"
      title={chatTexts.value.editTitle}
      onClick={() => {
        isChanging.value = true
      }}
    >
      {title.value}
    </button>
  )
}

function TemporaryButton() {
  const t = chatTexts.value
  const { isTemporary } = newChatWish.value
  return (
    <IconButton
      name={t.temporary}
      icon="ghost"
      pressed={isTemporary}
      onClick={() => {
        newChatWish.value = { ...newChatWish.value, isTemporary: !isTemporary }
      }}
    />
  )
}
