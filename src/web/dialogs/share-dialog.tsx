import { useSignal } from '@preact/signals'
import { account } from '../account.ts'
import { tried } from '../library-acts.ts'
import { closeDialog } from '../open-dialog.ts'
import { createShare } from '../shares-api.ts'
import { libraryTexts } from '../texts/library.ts'
import { shareTexts } from '../texts/shares.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Checkbox, Field, Select } from '../ui/field.tsx'
import { copyLink, ShareList, useShares } from './share-list.tsx'

const lives = { forever: null, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const
type Life = keyof typeof lives

/** A public link to the branch that is shown, as it is now; and those that there are already. */
export function ShareDialog({ conversationId, title }: { conversationId: string; title: string | null }) {
  const t = shareTexts.value
  // An address or a phone number is nobody else's business.
  const publicName = account.value?.display_name ?? account.value?.username ?? null
  const shares = useShares(conversationId)
  const name = useSignal(title ?? '')
  const isNamed = useSignal(false)
  const life = useSignal<Life>('forever')
  const isSending = useSignal(false)

  const create = async () => {
    isSending.value = true
    const act = async () => {
      const share = await createShare(conversationId, {
        ...(name.value.trim() === '' ? {} : { title: name.value.trim() }),
        display_name: isNamed.value ? publicName : null,
        expires_in_seconds: lives[life.value],
      })
      shares.add(share)
      await copyLink(share)
    }
    await tried(act, { payload_too_large: t.tooLong, conflict: t.tooMany })
    isSending.value = false
  }

  return (
    <Dialog title={t.shareTitle} onClose={closeDialog}>
      <p class="hint">{t.explained}</p>
      <Field
        label={libraryTexts.value.title}
        value={name.value}
        maxLength={200}
        onInput={(event) => {
          name.value = event.currentTarget.value
        }}
      />
      <Select<Life>
        label={t.ends}
        value={life.value}
        options={[
          { value: 'forever', label: t.never },
          { value: 'day', label: t.afterDay },
          { value: 'week', label: t.afterWeek },
          { value: 'month', label: t.afterMonth },
        ]}
        onChange={(value) => {
          life.value = value
        }}
      />
      {publicName !== null && (
        <Checkbox
          label={t.withName(publicName)}
          checked={isNamed.value}
          onChange={(isOn) => {
            isNamed.value = isOn
          }}
        />
      )}
      <Button look="primary" icon="link" busy={isSending.value} onClick={() => void create()}>
        {t.create}
      </Button>
      <ShareList shares={shares} />
    </Dialog>
  )
}

/** All public links of a person. */
export function SharesDialog() {
  const shares = useShares(null)
  return (
    <Dialog title={shareTexts.value.allShares} onClose={closeDialog}>
      <ShareList shares={shares} isWhole />
    </Dialog>
  )
}
