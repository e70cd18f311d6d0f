import { account } from '../account.ts'
import { deleteMessage, rate, regenerate } from '../branches.ts'
import { copyText } from '../copy-text.ts'
import { put } from '../library.ts'
import { tried } from '../library-acts.ts'
import { forkConversation } from '../library-api.ts'
import { currentModel, models } from '../models.ts'
import { show } from '../open-dialog.ts'
import { goToConversation } from '../place.ts'
import { type Message, opened, writing } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { words } from '../texts/words.ts'
import { texts } from '../texts.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItems } from '../ui/menu.tsx'
import { sayFault } from '../ui/toast.tsx'
import { useCopying } from '../use-copying.ts'
import { BranchArrows } from './branch-arrows.tsx'
import { elementOf } from './scroll-anchor.ts'
import { canSpeak, endReading, readAloud, spoken } from './speech.ts'

export function AnswerActions({ message }: { message: Message }) {
  const t = chatTexts.value
  const hasText = message.content !== ''
  const isKept = account.value !== null && !message.key.startsWith('new-')
  return (
    <>
      <BranchArrows message={message} />
      {hasText && <CopyButton text={message.content} />}
      {isKept && hasText && <Ratings message={message} />}
      {isKept && (
        <IconButton
          small
          name={t.regenerate}
          icon="refresh"
          disabled={writing.value !== null}
          onClick={() => void regenerate(message, null)}
        />
      )}
      {spoken.value === message.key && <IconButton small name={t.quiet} icon="stop" onClick={endReading} />}
      {hasText && (
        <Menu name={t.moreOf} class="icon-button quiet small" items={itemsFor(message, isKept)}>
          <Icon name="more" size={18} />
        </Menu>
      )}
    </>
  )
}

function CopyButton({ text }: { text: string }) {
  const { isCopied, copy } = useCopying(text)
  const name = isCopied ? texts.value.copied : texts.value.copy
  return <IconButton small name={name} icon={isCopied ? 'check' : 'copy'} onClick={copy} />
}

function Ratings({ message }: { message: Message }) {
  const t = chatTexts.value
  const rating = message.stored?.rating
  const rateDown = async () => {
    const isTakenBack = rating === 'down'
    if ((await rate(message, 'down', null)) && !isTakenBack) show({ type: 'note', messageId: message.key })
  }
  return (
    <>
      <IconButton
        small
        name={t.good}
        icon="up"
        pressed={rating === 'up'}
        onClick={() => void rate(message, 'up', null)}
      />
      <IconButton
        small
        name={t.bad}
        icon="down"
        pressed={rating === 'down'}
        onClick={() => void rateDown()}
      />
    </>
  )
}

function itemsFor(message: Message, isKept: boolean): MenuItems {
  const t = chatTexts.value
  const { key, content } = message
  // biome-ignore lint/performance/useDomNodeTextContent: as it looks, with its lines and list marks
  const plainText = () => elementOf(key)?.querySelector<HTMLElement>('.markdown')?.innerText ?? content
  const copyPlain = () => copyText(plainText()).catch(() => sayFault(t.copyFailed))
  const here = [
    { label: t.copyPlain, icon: 'copy' as const, onChoose: () => void copyPlain() },
    ...(canSpeak
      ? [{ label: t.readAloud, icon: 'speaker' as const, onChoose: () => readAloud(key, plainText()) }]
      : []),
  ]
  if (!isKept) return here
  const others = models.value.filter(({ id, available }) => available && id !== currentModel.value?.id)
  const isBusy = writing.value !== null
  return [
    ...here,
    { label: t.fork, icon: 'newChat', onChoose: () => void fork(key) },
    { label: t.details, icon: 'info', onChoose: () => show({ type: 'details', messageId: key }) },
    ...(isBusy || others.length === 0 ? [] : [null]),
    ...(isBusy ? [] : others).map(({ id, name }) => ({
      label: t.regenerateWith(name),
      icon: 'refresh' as const,
      onChoose: () => void regenerate(message, id),
    })),
    null,
    {
      label: words.value.delete,
      icon: 'bin',
      isDangerous: true,
      onChoose: () => void deleteMessage(message),
    },
  ]
}

/** The branch up to this message, as a conversation of its own. */
async function fork(messageId: string): Promise<void> {
  const conversation = opened.value
  if (conversation === null) return
  await tried(async () => {
    const copy = await forkConversation(conversation.id, messageId)
    put(copy)
    goToConversation(copy.id)
  })
}
