import { formatDay, formatMoment } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { keyTexts } from '../../texts/keys.ts'
import { settingsTexts } from '../../texts/settings.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { say } from '../../ui/toast.tsx'
import { useReading } from '../../use-reading.ts'
import { keptSignal } from './kept.ts'
import { KeyDialog } from './key-dialog.tsx'
import { fetchKeys, type Key, type MadeKey, revokeKey } from './keys-api.ts'
import { MadeKeyDialog } from './made-key-dialog.tsx'
import { Section } from './section.tsx'

type Open = { type: 'form'; key: Key | null } | { type: 'made'; key: MadeKey } | null

/** A person's API keys. */
export function Keys() {
  const t = keyTexts.value
  const reading = useReading(fetchKeys)
  // A key that has just been made must not go with a session that ends.
  const open = keptSignal<Open>('open-key', null)
  const keys = reading.value.value
  const show = (next: Open) => {
    open.value = next
  }
  const keep = (next: Key[]) => {
    reading.value.value = next
  }

  return (
    <Section title={settingsTexts.value.names.keys} hint={t.hint}>
      {keys === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          {keys.length === 0 ? (
            <Empty icon="key" text={t.none} />
          ) : (
            <ul class="settings-list">
              {keys.map((key) => (
                <KeyRow
                  key={key.id}
                  apiKey={key}
                  onChange={() => show({ type: 'form', key })}
                  onRevoke={() => void revoke(key, () => keep(keys.filter(({ id }) => id !== key.id)))}
                />
              ))}
            </ul>
          )}
          <div class="settings-foot">
            <Button look="primary" icon="plus" onClick={() => show({ type: 'form', key: null })}>
              {t.create}
            </Button>
          </div>
        </>
      )}
      {open.value?.type === 'form' && (
        <KeyDialog
          apiKey={open.value.key}
          onClose={() => show(null)}
          onMade={(made) => {
            const { key: _, ...shown } = made
            keep([shown, ...(keys ?? [])])
            show({ type: 'made', key: made })
          }}
          onChanged={(changed) => {
            keep((keys ?? []).map((key) => (key.id === changed.id ? changed : key)))
            show(null)
          }}
        />
      )}
      {open.value?.type === 'made' && <MadeKeyDialog apiKey={open.value.key} onClose={() => show(null)} />}
    </Section>
  )
}

function KeyRow(props: { apiKey: Key; onChange: () => void; onRevoke: () => void }) {
  const t = keyTexts.value
  const { apiKey } = props
  return (
    <li class="settings-row">
      <div class="settings-words">
        <span>
          {apiKey.name}{' '}
          <code class="key-ends">
            {apiKey.prefix}…{apiKey.last_four}
          </code>
        </span>
        <small class="hint">{factsOf(apiKey).join(' · ')}</small>
      </div>
      <RowMenu
        name={t.optionsOf(apiKey.name)}
        items={[
          { label: t.change, icon: 'edit', onChoose: props.onChange },
          null,
          { label: t.revoke, icon: 'bin', isDangerous: true, onChoose: props.onRevoke },
        ]}
      />
    </li>
  )
}

function factsOf(key: Key): string[] {
  const t = keyTexts.value
  const facts = [
    key.last_used_at === null ? t.neverUsed : t.lastUsed(formatMoment(key.last_used_at)),
    key.scopes.map((scope) => t.scopeNames[scope]).join(', '),
    key.models === null ? t.allModels : t.someModels(key.models.length),
  ]
  if (key.expires_at !== null) {
    const day = formatDay(key.expires_at)
    facts.unshift(Date.parse(key.expires_at) > Date.now() ? t.until(day) : t.endedOn(day))
  }
  if (key.rate !== null || Object.values(key.quota).some((limit) => limit !== null)) facts.push(t.ownLimits)
  if (key.allowed_addresses !== null) facts.push(t.someAddresses(key.allowed_addresses.length))
  return [...facts, t.madeOn(formatDay(key.created_at))]
}

async function revoke(key: Key, onDone: () => void): Promise<void> {
  const t = keyTexts.value
  const question = { title: t.revokeTitle(key.name), text: t.revokeText, action: t.revoke }
  if (!(await askFirst({ ...question, isDangerous: true }))) return
  await tried(async () => {
    await revokeKey(key.id)
    onDone()
    say(t.revoked)
  })
}
