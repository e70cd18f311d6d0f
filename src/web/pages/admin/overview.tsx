import { useEffect } from 'preact/hooks'
import { NotRead } from '../../parts/not-read.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { Button } from '../../ui/button.tsx'
import { useReading } from '../../use-reading.ts'
import { Activity } from './activity.tsx'
import { fetchOverview, fetchProviders, fetchState, type Provider } from './admin-api.ts'
import { Health } from './health.tsx'
import { Part } from './part.tsx'

const renewEveryMs = 10_000

/** How the service is, part by part, and how it does. */
export function Overview() {
  const t = adminTexts.value
  const state = useReading(fetchState)
  const overview = useReading(fetchOverview)
  const providers = useReading(fetchProviders)
  const known = state.value.value
  const doing = overview.value.value
  const asked = providers.value.value
  const again = () => {
    for (const reading of [state, overview, providers]) reading.readAgain()
  }
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) again()
    }, renewEveryMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <Part
      title={t.names.overview}
      hint={t.overview.renewed}
      action={
        <Button icon="refresh" onClick={again}>
          {t.overview.readAgain}
        </Button>
      }
    >
      {doing === null || overview.fault !== null ? (
        <NotRead fault={overview.fault} onAgain={overview.readAgain} />
      ) : (
        <Activity overview={doing} />
      )}
      <h3>{t.overview.health}</h3>
      {known === null || state.fault !== null ? (
        <NotRead fault={state.fault} onAgain={state.readAgain} />
      ) : (
        <Health state={known} overview={doing} />
      )}
      <h3>{t.overview.providers}</h3>
      {asked === null ? (
        <NotRead fault={providers.fault} onAgain={providers.readAgain} />
      ) : (
        <Providers providers={asked.filter(({ accesses }) => accesses.length > 0)} />
      )}
    </Part>
  )
}

function Providers({ providers }: { providers: Provider[] }) {
  const t = adminTexts.value.overview
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
