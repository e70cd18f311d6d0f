import { accountId } from '../../account.ts'
import { formatDay, formatMoment, formatNumber } from '../../format.ts'
import { ShownOnceDialog } from '../../parts/shown-once-dialog.tsx'
import { adminTexts } from '../../texts/admin.ts'
import type { MenuItems } from '../../ui/menu.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { type Column, type Sort, Table } from '../../ui/table.tsx'
import { keptSignal } from '../settings/kept.ts'
import { deletePerson } from './admin-api.ts'
import { BalanceDialog } from './balance-dialog.tsx'
import { BanDialog } from './ban-dialog.tsx'
import { deleteItem } from './entry-items.ts'
import { FilterSelect, Filters, FindField, useFilter } from './filters.tsx'
import { LimitsDialog } from './limits-dialog.tsx'
import { linkWords } from './link-words.ts'
import { fetchPeople, type PeopleFilter, type Person } from './lists-api.ts'
import { NewUserDialog } from './new-user-dialog.tsx'
import { Part } from './part.tsx'
import { loginOf, nameOf } from './person.ts'
import { personActs } from './person-acts.ts'
import { PlanSelect } from './plan-select.tsx'
import { useOpened } from './use-opened.ts'
import { UserDialog } from './user-dialog.tsx'

type Open =
  | { type: 'new' }
  | { type: 'link'; link: string }
  | { type: 'change'; person: Person }
  | { type: 'limits'; person: Person }
  | { type: 'balance'; person: Person }
  | { type: 'ban'; person: Person }

const newestFirst: Sort = { key: 'created', direction: 'desc' }
const all: PeopleFilter = { search: '', role: '', status: '', plan: '' }

/** Everybody with an account. */
export function Users() {
  const t = adminTexts.value
  const { filter, change, wish: wanted } = useFilter(all)
  // A link that has just been made must not go with a session that ends.
  const open = keptSignal<Open | null>('admin-user', null)
  const { wish, show, onDone } = useOpened(open)

  return (
    <Part
      title={t.names.users}
      hint={t.usersHint}
      begin={{ label: t.newUser, act: () => show({ type: 'new' }) }}
    >
      <Filters list={t.names.users}>
        <FindField
          label={t.searchUsers}
          hint={t.searchUsersHint}
          value={filter.search}
          onChange={(search) => change({ search })}
        />
        <FilterSelect
          label={t.role}
          value={filter.role}
          options={[
            { value: 'user', label: t.roles.user },
            { value: 'admin', label: t.roles.admin },
          ]}
          onChange={(role) => change({ role })}
        />
        <FilterSelect
          label={t.status}
          value={filter.status}
          options={[
            { value: 'active', label: t.states.active },
            { value: 'banned', label: t.states.banned },
          ]}
          onChange={(status) => change({ status })}
        />
        <PlanSelect
          first={[
            { value: '', label: t.any },
            { value: 'default', label: t.defaultPlan },
          ]}
          value={filter.plan}
          onChange={(plan) => change({ plan })}
        />
      </Filters>
      <Table
        label={t.names.users}
        columns={columns()}
        keyOf={({ id }) => id}
        sort={newestFirst}
        fetchPage={(place) => fetchPeople(filter, place)}
        wish={wanted + wish}
        empty={t.noUsers}
        actions={(person) => (
          <RowMenu name={t.actsOf(nameOf(person))} items={itemsOf(person, show, onDone)} />
        )}
      />
      {open.value?.type === 'new' && (
        <NewUserDialog
          onClose={() => show(null)}
          onMade={(person, link) => {
            onDone(t.userMade(loginOf(person)))
            if (link !== null) show({ type: 'link', link })
          }}
        />
      )}
      {open.value?.type === 'link' && (
        <ShownOnceDialog value={open.value.link} words={linkWords()} onClose={() => show(null)} />
      )}
      {open.value?.type === 'change' && (
        <UserDialog person={open.value.person} onClose={() => show(null)} onChanged={onDone} />
      )}
      {open.value?.type === 'limits' && (
        <LimitsDialog person={open.value.person} onClose={() => show(null)} onChanged={onDone} />
      )}
      {open.value?.type === 'balance' && (
        <BalanceDialog person={open.value.person} onClose={() => show(null)} onChanged={onDone} />
      )}
      {open.value?.type === 'ban' && (
        <BanDialog person={open.value.person} onClose={() => show(null)} onBanned={onDone} />
      )}
    </Part>
  )
}

function itemsOf(
  person: Person,
  show: (open: Open | null) => void,
  onDone: (text: string) => void,
): MenuItems {
  const t = adminTexts.value
  const name = nameOf(person)
  return [
    { label: t.changeUser, icon: 'edit' as const, onChoose: () => show({ type: 'change', person }) },
    {
      label: t.limits.open,
      icon: 'chart' as const,
      onChoose: () => show({ type: 'limits', person }),
    },
    {
      label: t.limits.openBalance,
      icon: 'plus' as const,
      onChoose: () => show({ type: 'balance', person }),
    },
    ...personActs(person, onDone).map(({ label, icon, run }) => ({
      label,
      icon,
      onChoose: () => void run(),
    })),
    null,
    ...(person.status === 'banned'
      ? []
      : [
          {
            label: t.ban,
            icon: 'warning' as const,
            isDangerous: true,
            onChoose: () => show({ type: 'ban', person }),
          },
        ]),
    ...(person.id === accountId.value
      ? []
      : [
          deleteItem({ name, label: t.deleteUser, text: t.deleteUserText, onDone, inUse: t.lastAdmin }, () =>
            deletePerson(person.id),
          ),
        ]),
  ]
}

function columns(): Column<Person>[] {
  const t = adminTexts.value
  return [
    { key: 'name', head: t.user, directions: wordsFirst, cell: (person) => <Name person={person} /> },
    {
      key: 'role',
      head: t.role,
      directions: wordsFirst,
      cell: ({ role }) => <span class="admin-word">{t.roles[role]}</span>,
    },
    { key: 'plan', head: t.plan, directions: wordsFirst, cell: ({ plan }) => plan ?? t.defaultPlan },
    { key: 'status', head: t.status, directions: wordsFirst, cell: (person) => <Status person={person} /> },
    {
      key: 'sessions',
      head: t.sessions,
      isNumber: true,
      directions: mostFirst,
      cell: ({ sessions }) => formatNumber(sessions),
    },
    {
      key: 'last_seen',
      head: t.lastSeen,
      directions: mostFirst,
      cell: ({ last_seen_at }) => (last_seen_at === null ? '–' : formatMoment(last_seen_at)),
    },
    {
      key: 'created',
      head: t.since,
      directions: mostFirst,
      cell: ({ created_at }) => formatDay(created_at),
    },
  ]
}

const wordsFirst = ['asc', 'desc'] as const
const mostFirst = ['desc', 'asc'] as const

function Name({ person }: { person: Person }) {
  const { email, username, phone } = person
  const name = nameOf(person)
  const others = [email, username, phone].filter((one) => one !== null && one !== name)
  return (
    <span class="admin-name">
      <strong>{name}</strong>
      <small class="hint">{others.join(' · ')}</small>
    </span>
  )
}

function Status({ person }: { person: Person }) {
  const t = adminTexts.value
  if (person.status === 'banned') return <span class="admin-state bad">{t.states.banned}</span>
  return person.has_password ? t.states.active : t.states.invited
}
