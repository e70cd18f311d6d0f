import type { ShownOnceWords } from '../../parts/shown-once-dialog.tsx'
import { adminTexts } from '../../texts/admin.ts'
import { keyTexts } from '../../texts/keys.ts'

/** Of the link by which somebody sets his first password. */
export function linkWords(): ShownOnceWords {
  const t = adminTexts.value
  return { ...commonWords(), title: t.linkTitle, text: t.linkText, label: t.link }
}

/** Of the link by which somebody registers. */
export function inviteWords(): ShownOnceWords {
  const t = adminTexts.value
  return { ...commonWords(), title: t.inviteTitle, text: t.inviteText, label: t.link }
}

/** Of codes that people redeem. */
export function codesWords(): ShownOnceWords {
  const t = adminTexts.value
  const { copyCodes: copy, codesCopied: copied, codesLeaveText: leaveText } = t
  const own = { copy, copied, leaveText, title: t.codesTitle, text: t.codesText, label: t.names.codes }
  return { ...commonWords(), ...own }
}

function commonWords() {
  const t = adminTexts.value
  const { leaveTitle, leave, done } = keyTexts.value
  const { copyLink: copy, linkCopied: copied, linkNotCopied: notCopied, linkLeaveText: leaveText } = t
  return { copy, copied, notCopied, leaveTitle, leaveText, leave, done }
}
