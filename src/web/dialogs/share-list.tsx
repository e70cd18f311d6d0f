import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { copyText } from '../copy-text.ts'
import { formatMoment } from '../format.ts'
import { tried } from '../library-acts.ts'
import { home } from '../place.ts'
import { fetchShares, type Share, updateShare, withdrawShare } from '../shares-api.ts'
import { shareTexts } from '../texts/shares.ts'
import { words } from '../texts/words.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { askFirst } from '../ui/confirm.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { Spinner } from '../ui/progress.tsx'
import { TitleField } from '../ui/title-field.tsx'
import { say, sayFault } from '../ui/toast.tsx'

const weekSeconds = 7 * 86_400

/** The links to one conversation (null: to any), as far as they have been read. */
export function useShares(conversationId: string | null) {
  const items = useSignal<Share[] | null>(null)
  const cursor = useSignal<string | null>(null)
  const read = async () => {
    await tried(async () => {
      const page = await fetchShares(cursor.value)
      const fitting = page.items.filter(
        (share) => conversationId === null || share.conversation_id === conversationId,
      )
      cursor.value = page.next_cursor
      items.value = [...(items.value ?? []), ...fitting]
    })
    items.value ??= []
  }
  useEffect(() => void read(), [])
  return {
    items: items.value,
    hasMore: cursor.value !== null,
    readMore: () => void read(),
    add(share: Share) {
      items.value = [share, ...(items.value ?? [])]
    },
    replace(share: Share) {
      items.value = items.value?.map((one) => (one.id === share.id ? share : one)) ?? null
    },
    remove(id: string) {
      items.value = items.value?.filter((one) => one.id !== id) ?? null
    },
  }
}

type Shares = ReturnType<typeof useShares>

/** `isWhole`: there is nothing else here, so that its emptiness is worth a word. */
export function ShareList({ shares, isWhole = false }: { shares: Shares; isWhole?: boolean }) {
  const t = shareTexts.value
  if (shares.items === null) return <Spinner />
  if (shares.items.length === 0 && !shares.hasMore)
    return isWhole ? <Empty icon="link" text={t.none} /> : null
  return (
    <section class="shares" aria-label={t.allShares}>
      <ul>
        {shares.items.map((share) => (
          <li key={share.id}>
            <ShareRow share={share} shares={shares} />
          </li>
        ))}
      </ul>
      {shares.hasMore && (
        <Button small onClick={shares.readMore}>
          {words.value.more}
        </Button>
      )}
    </section>
  )
}

function ShareRow({ share, shares }: { share: Share; shares: Shares }) {
  const t = shareTexts.value
  const isRenaming = useSignal(false)
  const change = (changes: Parameters<typeof updateShare>[1]) =>
    tried(async () => shares.replace(await updateShare(share.id, changes)))
  if (isRenaming.value) {
    return (
      <TitleField
        value={share.title}
        onEnd={(next) => {
          isRenaming.value = false
          if (next !== null && next.trim() !== '') void change({ title: next.trim() })
        }}
      />
    )
  }
  return (
    <div class="share-row">
      <div class="share-words">
        <a href={linkOf(share)} target="_blank" rel="noopener">
          {share.title}
        </a>
        <small class="hint">
          {formatMoment(share.created_at)}
          {share.expires_at !== null && ` · ${t.until(formatMoment(share.expires_at))}`}
        </small>
      </div>
      <IconButton small name={t.copyLink} icon="copy" onClick={() => void copyLink(share)} />
      <Menu
        name={t.optionsOf(share.title)}
        title={words.value.actions}
        class="icon-button quiet small"
        items={[
          {
            label: t.rename,
            icon: 'edit',
            onChoose: () => {
              isRenaming.value = true
            },
          },
          share.expires_at === null
            ? {
                label: t.endInWeek,
                icon: 'warning',
                onChoose: () => void change({ expires_in_seconds: weekSeconds }),
              }
            : {
                label: t.neverEnd,
                icon: 'restore',
                onChoose: () => void change({ expires_at: null }),
              },
          null,
          {
            label: t.withdraw,
            icon: 'bin',
            isDangerous: true,
            onChoose: () => void withdraw(share, shares),
          },
        ]}
      >
        <Icon name="more" size={18} />
      </Menu>
    </div>
  )
}

async function withdraw(share: Share, shares: Shares): Promise<void> {
  const t = shareTexts.value
  const question = { title: t.withdrawTitle, text: t.withdrawText, action: t.withdraw }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await withdrawShare(share.id)
    shares.remove(share.id)
  })
}

export async function copyLink(share: Share): Promise<void> {
  try {
    await copyText(linkOf(share))
    say(shareTexts.value.linkCopied)
  } catch {
    sayFault(shareTexts.value.notCopied)
  }
}

/** From where the reader of this page is: what the server calls itself may be reached elsewhere. */
function linkOf({ token }: Share): string {
  return `${location.origin}${home()}s/${token}`
}
