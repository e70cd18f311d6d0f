import type { Prompt, RelayPath, RelayQuestion, RelayWording } from '../../llm/llm.ts'
import { estimateTokens } from '../../modules/chat/estimate-tokens.ts'
import { countOf, lengthNames } from './check-question.ts'
import { isObject } from './field-kinds.ts'
import { withMembers } from './json-members.ts'
import type { GrantedLength } from './open-call.ts'
import { messagesOf } from './question-texts.ts'
import type { Question } from './read-question.ts'

/**
 * A question as it is passed on: another name of the model, and as little else as there must be. Without a length that
 * is granted none is added; one that the question has is never raised.
 */
export function relayQuestion(
  path: RelayPath,
  question: Question,
  length: GrantedLength | null,
  mostOfModel = Number.POSITIVE_INFINITY,
): RelayQuestion {
  const { text, fields, members } = question
  const isStream = fields.stream === true
  const options = isObject(fields.stream_options) ? fields.stream_options : {}
  const most = Math.min(length?.each ?? mostOfModel, mostOfModel)
  const said = saidLengths(fields, most)
  const lowered = said.filter(([name, value]) => value !== fields[name])
  return {
    path,
    mayAskForUsage: path === '/chat/completions' && isStream && options.include_usage !== true,
    addsLength: length !== null && said.length === 0,
    cutTokens: length?.cut ?? null,
    count: countOf(fields),
    estimate: estimateTokens,
    bodyFor({ model }, { withUsage, lengthAs }) {
      const wishes: [string, unknown][] = [['model', model], ...lowered]
      if (lengthAs !== null) wishes.push([nameOfLength(path, lengthAs), most])
      if (withUsage) wishes.push(['stream_options', { ...options, include_usage: true }])
      return withMembers(
        text,
        wishes.flatMap(([name, value]) => {
          const at = members.get(name)
          return at === undefined ? [] : [{ at, by: JSON.stringify(value) }]
        }),
        Object.fromEntries(wishes.filter(([name]) => !members.has(name))),
      )
    },
    atMost: (tokens) => relayQuestion(path, question, length, tokens),
    prompt: () => ({
      messages: messagesOf(fields),
      ...longestOf(said, length === null ? null : most),
      isStream,
    }),
  }
}

function saidLengths(fields: Record<string, unknown>, most: number): [string, number][] {
  return lengthNames.flatMap((name): [string, number][] => {
    const value = fields[name]
    return typeof value === 'number' ? [[name, Math.min(value, most)]] : []
  })
}

function nameOfLength(path: RelayPath, lengthAs: NonNullable<RelayWording['lengthAs']>): string {
  return path === '/responses' ? 'max_output_tokens' : lengthAs
}

function longestOf(said: [string, number][], added: number | null): Pick<Prompt, 'maxTokens'> {
  const longest = said.length === 0 ? added : Math.max(...said.map(([, value]) => value))
  return longest === null ? {} : { maxTokens: longest }
}
