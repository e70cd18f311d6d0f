import { tried } from '../../library-acts.ts'
import { adminTexts } from '../../texts/admin.ts'
import { askFirst } from '../../ui/confirm.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { endSessionsOf, sendResetMail, unbanPerson } from './admin-api.ts'
import type { Person } from './lists-api.ts'
import { nameOf } from './person.ts'

export interface PersonAct {
  label: string
  icon: IconName
  run: () => Promise<void>
}

/** What can be done with somebody beside changing and banning him: each is asked for first. */
export function personActs(person: Person, onDone: (text: string) => void): PersonAct[] {
  const t = adminTexts.value
  const name = nameOf(person)
  const act = (icon: IconName, text: string, ask: () => Promise<unknown>, done: string, what: string) => ({
    label: what,
    icon,
    async run() {
      if (!(await askFirst({ title: `${what}: ${name}`, text, action: what }))) return
      await tried(async () => {
        await ask()
        onDone(done)
      })
    },
  })
  const { id, email, sessions, status } = person
  return [
    ...(email === null || status === 'banned'
      ? []
      : [act('send', t.resetMailText(email), () => sendResetMail(id), t.resetMailSent, t.resetMail)]),
    ...(sessions === 0
      ? []
      : [act('logOut', t.endSessionsText, () => endSessionsOf(id), t.sessionsEnded, t.endSessions)]),
    ...(status === 'banned' ? [act('restore', t.unbanText, () => unbanPerson(id), t.unbanned, t.unban)] : []),
  ]
}
