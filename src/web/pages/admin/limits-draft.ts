import { type LimitName, limitOfText, ofEachLimit, textOfLimit } from '../../limits.ts'
import type { PersonQuota } from './admin-api.ts'

type Choice = 'plan' | 'none' | 'own'

/** What somebody gets instead of what his plan says, as it stands in a form. */
export interface LimitsDraft {
  choices: Record<LimitName, Choice>
  /** Of those of his own: as typed. */
  texts: Record<LimitName, string>
  timezone: string
}

export function draftOf({ override }: Pick<PersonQuota, 'override'>): LimitsDraft {
  const limits = override?.limits ?? {}
  return {
    choices: ofEachLimit((name) => choiceOf(limits[name])),
    texts: ofEachLimit((name) => textOfLimit(name, limits[name])),
    timezone: override?.timezone ?? '',
  }
}

function choiceOf(limit: number | null | undefined): Choice {
  if (limit === undefined) return 'plan'
  return limit === null ? 'none' : 'own'
}

/** What to ask the service for; null: nothing is left of it. */
export function wishOf({ choices, texts, timezone }: LimitsDraft) {
  const given = Object.entries(
    ofEachLimit((name) => (choices[name] === 'own' ? limitOfText(name, texts[name]) : null)),
  ).filter(([name]) => isSet(choices, name))
  const zone = timezone.trim() || null
  if (given.length === 0 && zone === null) return null
  return { ...(given.length === 0 ? {} : { limits: Object.fromEntries(given) }), timezone: zone }
}

function isSet(choices: Record<string, Choice>, name: string): boolean {
  return choices[name] !== 'plan'
}
