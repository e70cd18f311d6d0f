import { useSignal } from '@preact/signals'
import { currencyOf } from '../../currency.ts'
import { formatMoment, formatMoney, formatNumber } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { ShownOnceDialog } from '../../parts/shown-once-dialog.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { say } from '../../ui/toast.tsx'
import { keptSignal } from '../settings/kept.ts'
import { type Code, deleteCode, fetchCodes } from './admin-api.ts'
import { CodesDialog } from './codes-dialog.tsx'
import { codesWords } from './link-words.ts'
import { Part } from './part.tsx'
import { Validity } from './validity.tsx'

type Open = { type: 'new' } | { type: 'made'; codes: string[] } | null

/** What people pay in by. */
export function Codes() {
  const t = adminTexts.value
  const changes = useSignal(0)
  // Codes that have just been made must not go with a session that ends.
  const open = keptSignal<Open>('admin-codes', null)
  const show = (next: Open) => {
    open.value = next
  }

  return (
    <Part
      title={t.names.codes}
      hint={t.codesHint}
      action={
        <Button look="primary" icon="plus" onClick={() => show({ type: 'new' })}>
          {t.newCodes}
        </Button>
      }
    >
      <Table
        label={t.names.codes}
        columns={columns()}
        keyOf={({ id }) => id}
        fetchPage={({ cursor }) => fetchCodes(cursor)}
        wish={String(changes.value)}
        empty={t.noCodes}
        actions={(code) => (
          <Button
            small
            name={t.withdrawOf(code.ending)}
            onClick={() => void withdraw(code, () => changes.value++)}
          >
            {t.withdraw}
          </Button>
        )}
      />
      {open.value?.type === 'new' && (
        <CodesDialog
          onClose={() => show(null)}
          onMade={(codes) => {
            changes.value++
            show({ type: 'made', codes })
          }}
        />
      )}
      {open.value?.type === 'made' && (
        <ShownOnceDialog
          value={open.value.codes.join('\n')}
          words={codesWords()}
          onClose={() => show(null)}
        />
      )}
    </Part>
  )
}

async function withdraw({ id, ending }: Code, onDone: () => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.withdrawTitle(ending), text: t.withdrawCodeText, action: t.withdraw }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await deleteCode(id)
    onDone()
    say(t.codeWithdrawn)
  })
}

function columns(): Column<Code>[] {
  const t = adminTexts.value
  return [
    { key: 'code', head: t.topUpCode, cell: ({ ending }) => <code class="key-ends">…{ending}</code> },
    {
      key: 'worth',
      head: t.worth,
      isNumber: true,
      cell: ({ micros }) => formatMoney(micros / 1_000_000, currencyOf()),
    },
    { key: 'note', head: t.note, cell: ({ note }) => note ?? '–' },
    {
      key: 'uses',
      head: t.uses,
      isNumber: true,
      cell: ({ uses, max_uses }) => t.usesOf(formatNumber(uses), formatNumber(max_uses)),
    },
    { key: 'status', head: t.status, cell: (code) => <Validity of={code} /> },
    { key: 'made', head: t.madeAt, cell: ({ created_at }) => formatMoment(created_at) },
  ]
}
