import type { Fault } from './fault.ts'

/**
 * The fault, or what the provider's own words say that it is where its status says something else. Where providers quote
 * a question its quotation marks are escaped, so that nobody can say these words himself.
 */
export function judged(fault: Fault, text = fault.excerpt): Fault {
  if (content.some((words) => words.test(text)))
    return { ...refusedFor(fault, content400), blames: 'content' }
  // A bad question, or an error inside an answer: others say by their status that it is about the key.
  if (fault.blames !== undefined || (fault.status !== 400 && fault.status !== null)) return fault
  if (noMoney.some((words) => words.test(text))) return refusedFor(fault, noMoney402)
  if (noKey.some((words) => words.test(text))) return refusedFor(fault, noKey401)
  return fault
}

/** DashScope, OpenAI, Azure, OpenRouter, Volcengine, Gemini; DeepSeek. */
const content = [
  /"(?:code|type|reason|status)"\s*:\s*"(?:data_?inspection_?failed|ip_?infringement\w*|content_?(?:filter|policy_violation|moderation)\w*|moderation(?:_blocked)?|responsible_?ai_?policy_?violation|\w*sensitive_?content\w*|prohibited_content|safety_violations?)(?:\.\w+)*"/i,
  /"(?:message|msg)"\s*:\s*"Content Exists Risk/i,
]
/** DashScope; Anthropic. */
const noMoney = [/"(?:code|type)"\s*:\s*"Arrearage"/i, /"message"\s*:\s*"Your credit balance is too low/i]
/** Google. */
const noKey = [/"reason"\s*:\s*"API_KEY_INVALID"/, /"message"\s*:\s*"API key not valid/i]

/** Neither is its key at fault nor would it, or another, say anything else the next time. */
const content400 = { status: 400, reason: 'refused for its content' }
const noMoney402 = { status: 402, reason: 'refused: its account has no money left' }
const noKey401 = { status: 401, reason: 'refused: its key is not valid' }

function refusedFor({ excerpt }: Fault, why: Pick<Fault, 'status' | 'reason'>): Fault {
  return { code: 'provider_rejected', excerpt, ...why }
}
