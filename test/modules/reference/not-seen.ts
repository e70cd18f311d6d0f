/** Why an answer that is described need not be seen; null: it must be. */
export function notSeen(answer: string): string | null {
  const [, code = ''] = answer.split(' ')
  return explained[answer] ?? ofCodes[code] ?? null
}

const ofCodes: Record<string, string> = {
  internal: 'a fault that nobody has foreseen; test/http/problem.test.ts shows what it looks like',
  dependency_down: 'takes a database that is away: test/db/outage.test.ts, test/e2e/outages.test.ts',
  interrupted: 'takes a restart: test/e2e/crash.test.ts',
  provider_timeout: 'takes a provider’s silence: test/llm/provider-timeout.test.ts',
  quota_exceeded: 'takes an allowance that is used up: test/modules/usage',
  turn_too_long: 'takes a minute at least: test/modules/chat/turns.test.ts',
}

const twins = 'only where a twin of the request was refused in the same moment'
const full = 'takes as many as nobody may have: the tests of the module'

const large = 'takes a very large body: test/faces/openai'
const elsewhere = 'takes a provider that has it: test/faces/openai'

/** `operation code` or `operation status`. */
export const explained: Record<string, string> = {
  'register unauthenticated': 'only where the account was closed in the same moment',
  'ask conflict': twins,
  'askAsStream conflict': twins,
  'editMessage conflict': twins,
  'regenerate conflict': twins,
  'continueAnswer conflict': twins,
  'setTags conflict': full,
  'changeMany conflict': full,
  'createShare conflict': full,
  'createKey conflict': full,
  'followUser too_many_readers': full,
  'importLibrary conflict': 'takes an import under way: test/modules/library',
  'importLibrary payload_too_large': 'takes a very large file: test/modules/library',
  'importLibrary unsupported_media_type': 'takes a file of another kind: test/modules/library',
  'createImages not_found': 'takes a service where no model draws: test/modules/images',
  'createImages provider_unavailable': 'takes a provider that fails: test/modules/images',
  'createImages provider_rejected': 'takes a provider that refuses: test/modules/images',
  'remakeSummary 200': 'takes a conversation that outgrew its model: test/modules/chat',
  'remakeSummary 202': 'takes a model that is slow to sum up: test/modules/chat',
  'remakeSummary provider_unavailable': 'takes a conversation that outgrew its model: test/modules/chat',
  'remakeSummary provider_rejected': 'takes a conversation that outgrew its model: test/modules/chat',
  'updateUser conflict': 'takes the last administrator: test/modules/admin',
  'banUser conflict': 'takes the last administrator: test/modules/admin',
  'testProviderKey conflict': 'takes a key sealed with another secret: test/modules/models',
  'createChatCompletion payload_too_large': large,
  'createResponse payload_too_large': large,
  'createEmbedding payload_too_large': large,
  'generateImages payload_too_large': large,
  'createResponse 200': elsewhere,
  'createResponse provider_unavailable': elsewhere,
  'createResponse provider_rejected': elsewhere,
  'createEmbedding 200': elsewhere,
  'createEmbedding provider_unavailable': elsewhere,
  'createEmbedding provider_rejected': elsewhere,
  'generateImages provider_unavailable': elsewhere,
  'generateImages provider_rejected': elsewhere,
}
