import type { Deps } from '../../deps.ts'
import { version } from '../../lib/version.ts'
import { refreshModels } from '../models/refresh-models.ts'
import { readSettings } from '../settings/read-settings.ts'

const always = [
  'streaming',
  'resume',
  'stop',
  'ndjson',
  'websocket',
  'branches',
  'fork',
  'ratings',
  'titles',
  'refresh_tokens',
]

type Needed = 'config' | 'db' | 'llm' | 'log' | 'now' | 'settingsMemory' | 'offerMemory'
export type DescribeDeps = Pick<Deps, Needed>

/** What a program wants to know before it logs in. */
export async function describeService(deps: DescribeDeps) {
  const { config, llm, now } = deps
  const { production, cloudchat } = config
  const [{ siteName }] = await Promise.all([readSettings(deps), refreshModels(deps)])
  return {
    name: 'CloudChat' as const,
    version,
    environment: production ? ('production' as const) : ('development' as const),
    site_name: siteName,
    api: '/api/v1',
    models: llm.models().length,
    features: [
      ...always,
      ...(cloudchat.anonymousChat ? ['anonymous_chat'] : []),
      ...(llm.defaultModel.provider === 'demo' ? ['demo'] : []),
    ],
    time: now().toISOString(),
  }
}
