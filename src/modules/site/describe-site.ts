import type { Deps } from '../../deps.ts'
import { refreshModels } from '../models/refresh-models.ts'
import { readSettings } from '../settings/read-settings.ts'

/** What a page shows to everybody. Waits for no provider, and not long for a database that is away. */
export async function describeSite(
  deps: Pick<Deps, 'config' | 'db' | 'llm' | 'log' | 'settingsMemory' | 'offerMemory'>,
) {
  const { config } = deps
  const [{ siteName, footer, registration }] = await Promise.all([readSettings(deps), refreshModels(deps)])
  return {
    name: siteName,
    footer,
    logo: config.siteLogo?.path ?? null,
    terms_url: config.termsUrl,
    privacy_url: config.privacyUrl,
    registration,
    demo: deps.llm.defaultModel.provider === 'demo',
    anonymous_chat: config.cloudchat.anonymousChat,
  }
}
