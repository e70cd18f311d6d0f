import { useSignal } from '@preact/signals'
import { formatMoment, formatNumber } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { ShownOnceDialog } from '../../parts/shown-once-dialog.tsx'
import { hrefOf, hrefOfAdmin } from '../../place.ts'
import { site } from '../../site.ts'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { say } from '../../ui/toast.tsx'
import { keptSignal } from '../settings/kept.ts'
import { deleteInvite, fetchInvites, type Invite } from './admin-api.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { inviteWords } from './link-words.ts'
import { Part } from './part.tsx'
import { Validity } from './validity.tsx'

type Open = { type: 'new' } | { type: 'made'; code: string } | null

/** By what people come in where not everybody may. */
export function Invites() {
  const t = adminTexts.value
  const changes = useSignal(0)
  // A code that has just been made must not go with a session that ends.
  const open = keptSignal<Open>('admin-invite', null)
  const show = (next: Open) => {
    open.value = next
  }

  return (
    <Part
      title={t.names.invites}
      hint={t.invitesHint}
      action={
        <Button look="primary" icon="plus" onClick={() => show({ type: 'new' })}>
          {t.newInvite}
        </Button>
      }
    >
      {site.value.registration !== 'invite' && (
        <p class="admin-note">
          {t.invitesUnneeded(t.registrations[site.value.registration])}{' '}
          <a href={hrefOfAdmin('settings')}>{t.names.settings}</a>
        </p>
      )}
      <Table
        label={t.names.invites}
        columns={columns()}
        keyOf={({ id }) => id}
        fetchPage={({ cursor }) => fetchInvites(cursor)}
        wish={String(changes.value)}
        empty={t.noInvites}
        actions={(invite) => (
          <Button
            small
            name={t.withdrawOf(invite.hint)}
            onClick={() => void withdraw(invite, () => changes.value++)}
          >
            {t.withdraw}
          </Button>
        )}
      />
      {open.value?.type === 'new' && (
        <InviteDialog
          onClose={() => show(null)}
          onMade={(code) => {
            changes.value++
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

async function withdraw({ id, hint }: Invite, onDone: () => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.withdrawTitle(hint), text: t.withdrawText, action: t.withdraw }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await deleteInvite(id)
    onDone()
    say(t.withdrawn)
  })
}

function columns(): Column<Invite>[] {
  const t = adminTexts.value
  return [
    { key: 'code', head: t.code, cell: ({ hint }) => <code class="key-ends">…{hint}</code> },
    { key: 'note', head: t.note, cell: ({ note }) => note ?? '–' },
    {
      key: 'uses',
      head: t.uses,
      isNumber: true,
      cell: ({ uses, max_uses }) => t.usesOf(formatNumber(uses), formatNumber(max_uses)),
    },
    { key: 'status', head: t.status, cell: (invite) => <Validity of={invite} /> },
    { key: 'made', head: t.madeAt, cell: ({ created_at }) => formatMoment(created_at) },
  ]
}
