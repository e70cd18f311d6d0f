import { formatDay } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'

export interface HandedOut {
  uses: number
  max_uses: number
  expires_at: string | null
  /** Absent: what is withdrawn is gone. */
  withdrawn_at?: string | null
}

/** Whether something that is handed out is still good for somebody. */
export function Validity({ of: { uses, max_uses, expires_at, withdrawn_at } }: { of: HandedOut }) {
  const t = adminTexts.value
  if (uses >= max_uses) return <span class="admin-state">{t.states.usedUp}</span>
  if (withdrawn_at) return <span class="admin-state">{t.lists.withdrawn}</span>
  if (expires_at === null) return <span class="admin-state good">{t.states.open}</span>
  const day = formatDay(expires_at)
  if (Date.parse(expires_at) < Date.now()) return <span class="admin-state">{t.endedOn(day)}</span>
  return <span class="admin-state good">{t.openUntil(day)}</span>
}
