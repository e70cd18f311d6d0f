import { OpenAI } from 'openai'
import type { Access } from './access.ts'
import { createProviderFetch } from './provider-fetch.ts'

/**
 * The SDK's client of one access. Whatever is left out here, the SDK takes from OPENAI_* in the environment,
 * for every provider alike: so nothing is left out.
 */
export function createClient(
  { baseUrl, apiKey }: Access,
  {
    timeoutSeconds,
    maxRetries,
    organization,
  }: { timeoutSeconds: number; maxRetries: number; organization: string | null },
): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    // The real one is added by `providerFetch`; without any the SDK refuses to start.
    apiKey: 'unused',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries,
    // Of one try.
    timeout: Math.ceil(timeoutSeconds * 1000),
    fetch: createProviderFetch({ apiKey, organization }),
  })
}
