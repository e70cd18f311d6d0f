import { currencyOf } from '../../currency.ts'
import { formatMoney } from '../../format.ts'
import { ShownOnceDialog } from '../../parts/shown-once-dialog.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { keptSignal } from '../settings/kept.ts'
import { deleteCode } from './admin-api.ts'
import { CodesDialog } from './codes-dialog.tsx'
import { useFilter } from './filters.tsx'
import { HandedOutFilters, handedOutColumns, newestFirst } from './handed-out.tsx'
import { codesWords } from './link-words.ts'
import { type Code, fetchCodes, type HandedOutFilter, type HandedOutState } from './lists-api.ts'
import { Part } from './part.tsx'
import { useOpened } from './use-opened.ts'
import { whenMeant } from './when-meant.ts'

type Open = { type: 'new' } | { type: 'made'; codes: string[] }

const all: HandedOutFilter<HandedOutState> = { search: '', state: '' }
const states = ['open', 'used_up', 'expired', 'withdrawn'] as const

/** What people pay in by. */
export function Codes() {
  const t = adminTexts.value
  // Codes that have just been made must not go with a session that ends.
  const open = keptSignal<Open | null>('admin-codes', null)
  const { wish, show, onChanged, onDone } = useOpened(open)
  const { filter, change, isAll, ...wanted } = useFilter(all)

  return (
    <Part
      title={t.names.codes}
      hint={t.codesHint}
      begin={{ label: t.newCodes, act: () => show({ type: 'new' }) }}
    >
      <HandedOutFilters list={t.names.codes} filter={filter} states={states} change={change} />
      <Table
        label={t.names.codes}
        columns={columns()}
        keyOf={({ id }) => id}
        sort={newestFirst}
        fetchPage={(place) => fetchCodes(filter, place)}
        wish={wanted.wish + wish}
        empty={isAll ? t.noCodes : t.lists.nothingLikeThat}
        actions={(code) =>
          code.withdrawn_at === null && (
            <Button small name={t.withdrawOf(code.ending)} onClick={() => void withdraw(code, onDone)}>
              {t.withdraw}
            </Button>
          )
        }
      />
      {open.value?.type === 'new' && (
        <CodesDialog
          onClose={() => show(null)}
          onMade={(codes) => {
            onChanged()
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

async function withdraw({ id, ending }: Code, onDone: (text: string) => void): Promise<void> {
  const t = adminTexts.value
  const question = { title: t.withdrawTitle(ending), text: t.withdrawCodeText, action: t.withdraw }
  await whenMeant(question, async () => {
    await deleteCode(id)
    onDone(t.codeWithdrawn)
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
      directions: ['desc', 'asc'],
      cell: ({ micros }) => formatMoney(micros / 1_000_000, currencyOf()),
    },
    ...handedOutColumns<Code>(),
  ]
}
