import type { Fault } from './fault.ts'

/**
 * By their own words for it: DashScope, OpenAI, Azure, OpenRouter, Volcengine, Gemini, DeepSeek. Where they quote a
 * question its quotation marks are escaped, so that nobody can say it himself.
 */
const named =
  /"(?:code|type|reason|status)"\s*:\s*"(?:data_?inspection_?failed|ip_?infringement\w*|content_?(?:filter|policy_violation|moderation)\w*|moderation(?:_blocked)?|responsible_?ai_?policy_?violation|\w*sensitive_?content\w*|prohibited_content|safety_violations?)(?:\.\w+)*"/i
const said = /"(?:message|msg)"\s*:\s*"Content Exists Risk/i

/**
 * The fault, or where the provider has refused what was asked for its content that, whatever status it gave it: neither
 * is its key at fault nor would it, or another, say anything else the next time.
 */
export function judgedByContent(fault: Fault, text = fault.excerpt): Fault {
  if (!named.test(text) && !said.test(text)) return fault
  const { excerpt } = fault
  return {
    code: 'provider_rejected',
    status: 400,
    reason: 'refused for its content',
    excerpt,
    blames: 'content',
  }
}
