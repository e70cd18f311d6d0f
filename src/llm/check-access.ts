import type { OpenAI } from 'openai'
import type { Log } from '../lib/log.ts'
import type { Access } from './access.ts'
import { faultOfThrown } from './failures.ts'
import type { Fault } from './fault.ts'
import type { AccessCheck } from './llm.ts'
import { redact } from './redact.ts'

const timeoutSeconds = 10
const mostListed = 500

/**
 * Whether an access works, for next to nothing: its models are listed. Where they cannot be (some do not list them to
 * whoever may use them), one token is asked for. Nothing that the provider says is in the answer.
 */
export async function checkAccess(
  access: Access,
  { model, organization, log }: { model: string; organization: string | null; log: Log },
): Promise<AccessCheck> {
  const { createClient } = await import('./client.ts')
  const client = createClient(access, { timeoutSeconds, maxRetries: 0, organization })
  // Of both tries, and of the body, on which the SDK sets no limit.
  const signal = AbortSignal.timeout(timeoutSeconds * 1000)
  try {
    return { ok: true, models: await listModels(client, signal) }
  } catch (error) {
    const fault = faultOfThrown(error)
    if (model === '' || !mayBeAsked(fault)) return refusal(fault)
  }
  try {
    await client.chat.completions.create(
      { model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 },
      { signal },
    )
    return { ok: true, models: null }
  } catch (error) {
    return refusal(faultOfThrown(error))
  }

  function refusal(fault: Fault): AccessCheck {
    const { code, status, reason } = fault
    const excerpt = redact(fault.excerpt, [access.apiKey])
    log.info(
      { provider: access.provider, access: access.id, code, status, reason, excerpt },
      'a key was refused',
    )
    return { ok: false, code, status, reason }
  }
}

async function listModels(client: OpenAI, signal: AbortSignal): Promise<string[]> {
  const { data }: { data?: Partial<OpenAI.Model>[] } = await client.models.list({ signal })
  if (!Array.isArray(data)) return []
  return data.flatMap(({ id }) => (typeof id === 'string' ? [id.slice(0, 200)] : [])).slice(0, mostListed)
}

function mayBeAsked({ status }: Fault): boolean {
  return status !== null && [401, 403, 404, 405].includes(status)
}
