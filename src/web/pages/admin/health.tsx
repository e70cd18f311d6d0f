import { formatMoment, formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import type { fetchState, Overview } from './admin-api.ts'
import { Fact } from './fact.tsx'

/** Whether each part of the service is well, and what it is. `overview` null: not known. */
export function Health(props: { state: Awaited<ReturnType<typeof fetchState>>; overview: Overview | null }) {
  const { health, readiness, info } = props.state
  const t = adminTexts.value.overview
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
        {props.overview && <Mail mail={props.overview.mail} />}
        {props.overview && <Files files={props.overview.files} />}
        <Fact name={t.connections}>{formatNumber(health.active_connections)}</Fact>
        <Fact name={t.modelCount}>{formatNumber(info.models)}</Fact>
        <Fact name={t.version}>{info.version}</Fact>
        {props.overview && <Runtime versions={props.overview.versions} />}
        <Fact name={t.environment}>{t.environments[info.environment]}</Fact>
        <Fact name={t.startedAt}>{formatMoment(startOf(health))}</Fact>
      </dl>
      <p class="hint">{t.instanceHint(formatMoment(health.timestamp))}</p>
    </>
  )
}

function startOf({ timestamp, uptime }: { timestamp: string; uptime: number }): string {
  return new Date(Date.parse(timestamp) - uptime * 1000).toISOString()
}

function Mail({ mail }: { mail: Overview['mail'] }) {
  return (
    <Fact name={adminTexts.value.overview.mail} tone={mail.failing === 0 ? 'good' : 'bad'}>
      {mailWords(mail)}
    </Fact>
  )
}

function Files({ files: { store, works } }: { files: Overview['files'] }) {
  const t = adminTexts.value.overview
  return (
    <Fact name={t.files} tone={works ? 'good' : 'bad'}>
      {works ? t.filesIn[store] : t.filesFail[store]}
    </Fact>
  )
}

function mailWords({ waiting, failing }: Overview['mail']): string {
  const t = adminTexts.value.overview
  if (waiting === 0) return t.mailSent
  if (failing === 0) return t.mailWaiting(formatNumber(waiting))
  return t.mailFailing(formatNumber(waiting), formatNumber(failing))
}

function Runtime({ versions: { runtime, database } }: { versions: Overview['versions'] }) {
  return (
    <Fact name={adminTexts.value.overview.runtime}>
      {runtime} · {database}
    </Fact>
  )
}
