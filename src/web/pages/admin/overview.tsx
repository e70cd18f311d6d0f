import type { ComponentChildren } from 'preact'
import { formatMoment, formatNumber } from '../../format.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { useReading } from '../../use-reading.ts'
import { fetchProviders, fetchState, type Provider } from './admin-api.ts'
import { Part } from './part.tsx'

/** How the service is, part by part. */
export function Overview() {
  const t = adminTexts.value
  const state = useReading(fetchState)
  const providers = useReading(fetchProviders)
  const known = state.value.value
  const asked = providers.value.value
  const again = () => {
    state.readAgain()
    providers.readAgain()
  }
  return (
    <Part
      title={t.names.overview}
      action={
        <Button icon="refresh" onClick={again}>
          {t.readAgain}
        </Button>
      }
    >
      {known === null || state.fault !== null ? (
        <NotRead fault={state.fault} onAgain={state.readAgain} />
      ) : (
        <State {...known} />
      )}
      <h3>{t.providers}</h3>
      {asked === null ? (
        <NotRead fault={providers.fault} onAgain={providers.readAgain} />
      ) : (
        <Providers providers={asked.filter(({ accesses }) => accesses.length > 0)} />
      )}
    </Part>
  )
}

function State({ health, readiness, info }: Awaited<ReturnType<typeof fetchState>>) {
  const t = adminTexts.value
  const { database, migrations, redis } = readiness.services
  return (
    <>
      <dl class="admin-facts">
        <Fact name={t.service} tone={readiness.status === 'ready' ? 'good' : 'bad'}>
          {t.readiness[readiness.status]}
        </Fact>
        <Fact name={t.database} tone={database === 'up' ? 'good' : 'bad'}>
          {t.reach[database]}
        </Fact>
        <Fact name={t.schema} tone={migrations ? 'good' : 'bad'}>
          {migrations ? t.schemaFits : t.schemaUnfit}
        </Fact>
        <Fact name="Redis" tone={redis === 'down' ? 'bad' : 'good'}>
          {t.reach[redis]}
        </Fact>
        <Fact name={t.connections}>{formatNumber(health.active_connections)}</Fact>
        <Fact name={t.modelCount}>{formatNumber(info.models)}</Fact>
        <Fact name={t.version}>{info.version}</Fact>
        <Fact name={t.environment}>{t.environments[info.environment]}</Fact>
        <Fact name={t.startedAt}>{formatMoment(startOf(health))}</Fact>
      </dl>
      <p class="hint">{t.instanceHint(formatMoment(health.timestamp))}</p>
    </>
  )
}

function Fact(props: { name: string; tone?: 'good' | 'bad'; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class={props.tone && `admin-state ${props.tone}`}>{props.children}</dd>
    </div>
  )
}

function startOf({ timestamp, uptime }: { timestamp: string; uptime: number }): string {
  return new Date(Date.parse(timestamp) - uptime * 1000).toISOString()
}

function Providers({ providers }: { providers: Provider[] }) {
  const t = adminTexts.value
  if (providers.length === 0) return <p class="admin-note">{t.noProviders}</p>
  return (
    <ul class="settings-list">
      {providers.map(({ name, accesses }) => {
        const resting = accesses.filter(({ rests_for_seconds }) => rests_for_seconds > 0).length
        return (
          <li key={name} class="settings-row">
            <div class="settings-words">
              <span>{name}</span>
              <small class="hint">{[...new Set(accesses.map(({ base_url }) => base_url))].join(' · ')}</small>
            </div>
            <span class={resting === accesses.length ? 'admin-state bad' : 'admin-state good'}>
              {t.accesses(accesses.length - resting, accesses.length)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
