import type { Prompt, RelayPath, RelayQuestion } from '../../llm/llm.ts'
import { estimateTokens } from '../../modules/chat/estimate-tokens.ts'
import { countOf, wantedTokens } from './check-question.ts'
import { isObject } from './field-kinds.ts'
import { withMembers } from './json-members.ts'
import { messagesOf } from './question-texts.ts'
import type { Question } from './read-question.ts'

/** A question as it is passed on: another name of the model, and as little else as there must be. */
export function relayQuestion(
  path: RelayPath,
  { text, fields, members }: Question,
  mostTokens: number | null,
): RelayQuestion {
  const isStream = fields.stream === true
  const options = isObject(fields.stream_options) ? fields.stream_options : {}
  const lengths = mostTokens === null ? {} : lengthsFor(path, fields, mostTokens)
  return {
    path,
    mayAskForUsage: path === '/chat/completions' && isStream && options.include_usage !== true,
    estimate: estimateTokens,
    bodyFor({ model }, withUsage) {
      const usage = withUsage ? { stream_options: { ...options, include_usage: true } } : {}
      const wishes = Object.entries({ model, ...lengths, ...usage })
      return withMembers(
        text,
        wishes.flatMap(([name, value]) => {
          const at = members.get(name)
          return at === undefined ? [] : [{ at, by: JSON.stringify(value) }]
        }),
        Object.fromEntries(wishes.filter(([name]) => !members.has(name))),
      )
    },
    prompt: () => ({
      messages: messagesOf(fields),
      ...longestOf(fields, mostTokens),
      isStream,
      count: countOf(fields),
    }),
  }
}

function longestOf(fields: Record<string, unknown>, mostTokens: number | null): Pick<Prompt, 'maxTokens'> {
  const longest = mostTokens ?? wantedTokens(fields, Number.POSITIVE_INFINITY)
  return longest === null ? {} : { maxTokens: Math.max(longest, 1) }
}

/** In the words that the question has for it. */
function lengthsFor(path: RelayPath, fields: Record<string, unknown>, most: number): Record<string, number> {
  const names = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'].filter(
    (name) => fields[name] != null,
  )
  if (names.length === 0) names.push(path === '/responses' ? 'max_output_tokens' : 'max_tokens')
  return Object.fromEntries(names.map((name) => [name, Math.max(most, 1)]))
}
