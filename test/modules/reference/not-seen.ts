/** Why an answer need not be seen here; which test shows it then, and words that are in it. */
export interface Reason {
  why: string
  /** null: none can, as it takes two things in one moment. */
  test: { file: string; says: string } | null
}

/** Why an answer that is described need not be seen; null: it must be. */
export function notSeen(answer: string): Reason | null {
  const [, code = ''] = answer.split(' ')
  return explained[answer] ?? ofCodes[code] ?? null
}

export const ofCodes: Record<string, Reason> = {
  internal: shown('a fault that nobody has foreseen', 'http/problem.test.ts', 'the unknown is internal'),
  dependency_down: shown('takes a database that is away', 'db/outage.test.ts', 'dependency_down'),
  interrupted: shown(
    'takes an instance that has died',
    'modules/chat/other-instance.test.ts',
    "toMatchObject({ code: 'interrupted' })",
  ),
  provider_timeout: shown('takes a provider’s silence', 'llm/provider-timeout.test.ts', 'provider_timeout'),
  quota_exceeded: shown(
    'takes an allowance that is used up',
    'modules/usage/balance.test.ts',
    'quota_exceeded',
  ),
  turn_too_long: shown('takes a minute at least', 'modules/chat/turns.test.ts', 'turn_too_long'),
}

const twins: Reason = { why: 'only where a twin of the request was refused in the same moment', test: null }

const tags = shown('takes 200 tags', 'modules/conversations/tags.test.ts', "tag: 'one more'")
const summaries = 'modules/chat/summaries.test.ts'
const imports = 'modules/library/import.test.ts'
const images = 'modules/images/images.test.ts'
const admins = shown('takes the last administrator', 'modules/admin/users.test.ts', "toBe('conflict')")
// One handler answers all of /v1, and reads all bodies.
const large = shown('takes a very large body', 'faces/openai/questions.test.ts', '413')
const elsewhere = (says: string) =>
  shown('takes a provider that has it', 'faces/openai/clients.test.ts', says)
const failing = shown('takes a provider that fails', 'faces/openai/answers.test.ts', 'provider_unavailable')
const refusing = shown('takes a provider that refuses', 'faces/openai/answers.test.ts', 'provider_rejected')
const drawing = (why: string, says: string) => shown(why, 'faces/openai/pictures.test.ts', says)

/** `operation code` or `operation status`. */
export const explained: Record<string, Reason> = {
  'register unauthenticated': { why: 'only where the account was closed in the same moment', test: null },
  'ask conflict': twins,
  'askAsStream conflict': twins,
  'editMessage conflict': twins,
  'regenerate conflict': twins,
  'continueAnswer conflict': twins,
  'setTags conflict': tags,
  'changeMany conflict': tags,
  'createShare conflict': shown('takes 500 links', 'modules/shares/owner.test.ts', "code: 'conflict'"),
  'createKey conflict': shown('takes 100 keys', 'modules/keys/keys.test.ts', '[201, 409, 409]'),
  'followUser too_many_readers': shown(
    'takes 30 windows',
    'modules/chat/user-events.test.ts',
    'too_many_readers',
  ),
  'importLibrary conflict': shown('takes an import under way', imports, "code: 'conflict'"),
  'importLibrary payload_too_large': shown('takes a very large file', imports, 'payload_too_large'),
  'importLibrary unsupported_media_type': shown(
    'takes a file of another kind',
    imports,
    'unsupported_media_type',
  ),
  'createImages not_found': shown('takes a service where no model draws', images, "'not_found'"),
  'createImages provider_unavailable': shown('takes a provider that fails', images, 'provider_unavailable'),
  'createImages provider_rejected': shown('takes a provider that refuses', images, 'provider_rejected'),
  'remakeSummary 200': shown('takes a conversation that outgrew its model', summaries, 'remade.status'),
  'remakeSummary 202': shown('takes a model that is slow to sum up', summaries, "summaryOf('Late.')"),
  'remakeSummary provider_unavailable': shown(
    'takes a conversation that outgrew its model',
    summaries,
    'provider_unavailable',
  ),
  'remakeSummary provider_rejected': shown(
    'takes a conversation that outgrew its model',
    summaries,
    'provider_rejected',
  ),
  'updateUser conflict': admins,
  'banUser conflict': admins,
  'deleteUser conflict': shown(
    'takes one’s own account',
    'modules/admin/delete-user.test.ts',
    "code: 'conflict'",
  ),
  'testProviderKey conflict': shown(
    'takes a key sealed with another secret',
    'modules/admin/models.test.ts',
    "/test`)).body.code).toBe('conflict')",
  ),
  'createChatCompletion payload_too_large': large,
  'createResponse payload_too_large': large,
  'createEmbedding payload_too_large': large,
  'generateImages payload_too_large': large,
  'createResponse 200': elsewhere('client.responses.create'),
  'createResponse provider_unavailable': failing,
  'createResponse provider_rejected': refusing,
  'createEmbedding 200': elsewhere('client.embeddings.create'),
  'createEmbedding provider_unavailable': failing,
  'createEmbedding provider_rejected': refusing,
  'generateImages provider_unavailable': drawing('takes a provider that fails', 'provider_unavailable'),
  'generateImages provider_rejected': drawing('takes a provider that refuses', 'provider_rejected'),
}

function shown(why: string, file: string, says: string): Reason {
  return { why, test: { file: `test/${file}`, says } }
}
