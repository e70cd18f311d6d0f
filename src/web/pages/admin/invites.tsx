import { ShownOnceDialog } from '../../parts/shown-once-dialog.tsx'
import { hrefOf, hrefOfAdmin } from '../../place.ts'
import { site } from '../../site.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { keptSignal } from '../settings/kept.ts'
import { deleteInvite } from './admin-api.ts'
import { useFilter } from './filters.tsx'
import { HandedOutFilters, handedOutColumns, newestFirst } from './handed-out.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { inviteWords } from './link-words.ts'
import { fetchInvites, type HandedOutFilter, type Invite, type InviteState } from './lists-api.ts'
import { Part } from './part.tsx'
import { useOpened } from './use-opened.ts'
import { whenMeant } from './when-meant.ts'

type Open = { type: 'new' } | { type: 'made'; code: string }

const all: HandedOutFilter<InviteState> = { search: '', state: '' }
const states = ['open', 'used_up', 'expired'] as const

/** By what people come in where not everybody may. */
export function Invites() {
  const t = adminTexts.value
  // A code that has just been made must not go with a session that ends.
  const open = keptSignal<Open | null>('admin-invite', null)
  const { wish, show, onChanged, onDone } = useOpened(open)
  const { filter, change, isAll, ...wanted } = useFilter(all)

  return (
    <Part
      title={t.names.invites}
      hint={t.invitesHint}
      begin={{ label: t.newInvite, act: () => show({ type: 'new' }) }}
    >
      {site.value.registration !== 'invite' && (
        <p class="admin-note">
          {t.invitesUnneeded(t.registrations[site.value.registration])}{' '}
          <a href={hrefOfAdmin('settings')}>{t.names.settings}</a>
        </p>
      )}
      <HandedOutFilters list={t.names.invites} filter={filter} states={states} change={change} />
      <Table
        label={t.names.invites}
        columns={columns()}
        keyOf={({ id }) => id}
        sort={newestFirst}
        fetchPage={(place) => fetchInvites(filter, place)}
        wish={wanted.wish + wish}
        empty={isAll ? t.noInvites : t.lists.nothingLikeThat}
        actions={(invite) => (
          <Button small name={t.withdrawOf(invite.hint)} onClick={() => void withdraw(invite, onDone)}>
            {t.withdraw}
          </Button>
        )}
      />
      {open.value?.type === 'new' && (
        <InviteDialog
          onClose={() => show(null)}
          onMade={(code) => {
            onChanged()
            show({ type: 'made', code })
          }}
        />
      )}
      {open.value?.type === 'made' && (
        <ShownOnceDialog value={linkOf(open.value.code)} words={inviteWords()} onClose={() => show(null)} />
      )}
    </Part>
  )
}

function linkOf(code: string): string {
  return `${new URL(hrefOf('register'), location.href).href}?invite=${encodeURIComponent(code)}`
}

async function withdraw({ id, hint }: Invite, onDone: (text: string) => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.withdrawTitle(hint), text: t.withdrawText, action: t.withdraw }
  await whenMeant(question, async () => {
    await deleteInvite(id)
    onDone(t.withdrawn)
  })
}

function columns(): Column<Invite>[] {
  const t = adminTexts.value
  return [
    { key: 'code', head: t.code, cell: ({ hint }) => <code class="key-ends">…{hint}</code> },
    ...handedOutColumns<Invite>(),
  ]
}
