import type { Deps } from '../../deps.ts'
import { version } from '../../lib/version.ts'

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

/** What a program wants to know before it logs in. */
export function describeService({ config, llm, now }: Pick<Deps, 'config' | 'llm' | 'now'>) {
  const { production, siteName, cloudchat } = config
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
