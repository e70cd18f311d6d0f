import { formatDay } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'

/** Whether something that is handed out is still good for somebody. */
export function Validity({
  of: { uses, max_uses, expires_at },
}: {
  of: { uses: number; max_uses: number; expires_at: string | null }
}) {
  const t = adminTexts.value
  if (uses >= max_uses) return <span class="admin-state">{t.states.usedUp}</span>
  if (expires_at === null) return <span class="admin-state good">{t.states.open}</span>
  const day = formatDay(expires_at)
  if (Date.parse(expires_at) < Date.now()) return <span class="admin-state">{t.endedOn(day)}</span>
  return <span class="admin-state good">{t.openUntil(day)}</span>
}
