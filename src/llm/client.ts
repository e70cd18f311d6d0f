import { OpenAI } from 'openai'
import type { ProviderConfig } from '../config.ts'
import { createProviderFetch } from './provider-fetch.ts'

/**
 * The SDK's client of one provider. Whatever is left out here, the SDK takes from OPENAI_* in the environment,
 * for every provider alike: so nothing is left out.
 */
export function createClient(
  provider: ProviderConfig,
  { timeoutSeconds, maxRetries }: { timeoutSeconds: number; maxRetries: number },
): OpenAI {
  return new OpenAI({
    baseURL: provider.baseUrl,
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
    fetch: createProviderFetch(provider),
  })
}
