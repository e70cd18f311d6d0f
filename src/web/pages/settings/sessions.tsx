import { signal } from '@preact/signals'
import { formatMoment } from '../../format.ts'
import { tried } from '../../library-acts.ts'
import { NotRead } from '../../parts/not-read.tsx'
import { settingsTexts } from '../../texts/settings.ts'
import { Button } from '../../ui/button.tsx'
import { askFirst } from '../../ui/confirm.tsx'
import { say } from '../../ui/toast.tsx'
import { useReading } from '../../use-reading.ts'
import { endOtherSessions, endSession, fetchSessions, type Session } from './account-api.ts'
import { Section } from './section.tsx'

/** Counts what has ended sessions elsewhere on this page. */
export const sessionsChanged = signal(0)

/** Where somebody is logged in. */
export function Sessions() {
  const t = settingsTexts.value
  const reading = useReading(fetchSessions, String(sessionsChanged.value))
  const sessions = reading.value.value

  const end = (session: Session) =>
    tried(async () => {
      await endSession(session.id)
      reading.value.value = sessions?.filter(({ id }) => id !== session.id) ?? null
      say(t.sessionEnded)
    })
  const endOthers = async () => {
    const question = { title: t.endOthersTitle, text: t.endOthersText, action: t.endOthers }
    if (!(await askFirst({ ...question, isDangerous: true }))) return
    await tried(async () => {
      await endOtherSessions()
      reading.value.value = sessions?.filter(({ current }) => current) ?? null
      say(t.othersEnded)
    })
  }

  return (
    <Section title={t.sessions} hint={t.sessionsHint}>
      {sessions === null ? (
        <NotRead fault={reading.fault} onAgain={reading.readAgain} />
      ) : (
        <>
          <ul class="settings-list">
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => void end(session)} />
            ))}
          </ul>
          {sessions.some(({ current }) => !current) ? (
            <div class="settings-foot">
              <Button onClick={() => void endOthers()}>{t.endOthers}</Button>
            </div>
          ) : (
            <p class="hint">{t.onlyThis}</p>
          )}
        </>
      )}
    </Section>
  )
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const t = settingsTexts.value
  const device = deviceName(session.device)
  const facts = [
    t.lastUsed(formatMoment(session.last_used_at)),
    t.loggedInAt(formatMoment(session.created_at)),
    session.ip === null ? null : t.fromAddress(session.ip),
  ]
  return (
    <li class="settings-row">
      <div class="settings-words">
        <span title={session.user_agent ?? undefined}>
          {device} {session.current && <span class="badge">{t.thisSession}</span>}
        </span>
        <small class="hint">{facts.filter((fact) => fact !== null).join(' · ')}</small>
      </div>
      {!session.current && (
        <Button small name={t.endSessionOf(device)} onClick={onEnd}>
          {t.endSession}
        </Button>
      )}
    </li>
  )
}

/** The service says it in English. */
function deviceName(device: string | null): string {
  const t = settingsTexts.value
  if (device === null) return t.unknownDevice
  const [browser = '', system] = device.split(' on ')
  return system === undefined ? browser : t.onSystem(browser, system)
}
