import { formatNumber } from '../../format.ts'
import { adminTexts } from '../../texts/admin.ts'
import type { KeyCheck } from './admin-api.ts'

/**
 * What came of trying a key. `detail`: what the server says of it besides, in its own language; null: nothing that the
 * text does not say.
 */
export function wordsOfCheck({ ok, models, status, code, reason }: KeyCheck): {
  text: string
  detail: string | null
} {
  const t = adminTexts.value
  if (ok) {
    const text = models === null ? t.testPassed : t.testPassedWith(formatNumber(models.length))
    return { text, detail: null }
  }
  if (status === null) return { text: t.testFailed(whyOf(code), null), detail: reason }
  if (status < 400) return { text: t.testFailed(t.testFaults.redirect, `HTTP ${status}`), detail: reason }
  return { text: t.testFailed(whyOf(code), `HTTP ${status}`), detail: null }
}

function whyOf(code: string | null): string {
  const { testFaults } = adminTexts.value
  return code !== null && isKnown(code) ? testFaults[code] : testFaults.provider_rejected
}

function isKnown(code: string): code is keyof typeof adminTexts.value.testFaults {
  return Object.hasOwn(adminTexts.value.testFaults, code)
}
