import type { ModelChanges, NewModel } from './admin-api.ts'
import type { StoredModel } from './lists-api.ts'

type Known = 'unknown' | 'yes' | 'no'

export const capabilityNames = ['vision', 'reasoning', 'tools'] as const
export const priceNames = ['input', 'cached_input', 'output', 'reasoning'] as const

export interface ModelDraft {
  provider: string
  upstream: string
  model_id: string
  name: string
  enabled: boolean
  position: string
  context_window: string
  max_output_tokens: string
  /** In the currency, for a million tokens. */
  prices: Record<(typeof priceNames)[number], string>
  /** In the currency, for one. */
  picture_price: string
  draws: boolean
  capabilities: Record<(typeof capabilityNames)[number], Known>
  plans: string
  /** One a line. */
  fallbacks: string
}

/** As it stands in the form. */
export function draftOf(model: StoredModel | null): ModelDraft {
  const { prices, capabilities } = model ?? {}
  return {
    provider: model?.provider ?? '',
    upstream: model?.upstream ?? '',
    model_id: model?.model_id ?? '',
    name: model?.name ?? '',
    enabled: model?.enabled ?? true,
    position: String(model?.position ?? 0),
    context_window: textOf(model?.context_window),
    max_output_tokens: textOf(model?.max_output_tokens),
    prices: {
      input: moneyOf(prices?.input),
      cached_input: moneyOf(prices?.cached_input),
      output: moneyOf(prices?.output),
      reasoning: moneyOf(prices?.reasoning),
    },
    picture_price: moneyOf(model?.picture_price),
    draws: model?.draws ?? false,
    capabilities: {
      vision: knownOf(capabilities?.vision),
      reasoning: knownOf(capabilities?.reasoning),
      tools: knownOf(capabilities?.tools),
    },
    plans: model?.plans?.join(', ') ?? '',
    fallbacks: model?.fallbacks.join('\n') ?? '',
  }
}

/** What is to be asked for. Empty is what it usually is. */
export function wishOf(draft: ModelDraft): ModelChanges & Pick<NewModel, 'provider' | 'upstream'> {
  const { model_id, name, plans, fallbacks, prices, capabilities } = draft
  const upstream = draft.upstream.trim()
  return {
    provider: draft.provider,
    upstream,
    model_id: model_id.trim() || `${draft.provider}/${upstream}`,
    name: name.trim() || upstream,
    enabled: draft.enabled,
    position: Number(draft.position),
    context_window: numberOf(draft.context_window),
    max_output_tokens: numberOf(draft.max_output_tokens),
    prices:
      prices.input === '' && prices.output === ''
        ? null
        : {
            input: microsOf(prices.input) ?? 0,
            cached_input: microsOf(prices.cached_input),
            output: microsOf(prices.output) ?? 0,
            reasoning: microsOf(prices.reasoning),
          },
    picture_price: microsOf(draft.picture_price),
    draws: draft.draws,
    capabilities: {
      vision: answers[capabilities.vision],
      reasoning: answers[capabilities.reasoning],
      tools: answers[capabilities.tools],
    },
    plans: plans.trim() === '' ? null : plans.split(/[\s,，、]+/).filter((plan) => plan !== ''),
    fallbacks: fallbacks.split(/\s+/).filter((id) => id !== ''),
  }
}

const answers = { unknown: null, yes: true, no: false }

const millionth = 1_000_000

function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}

function moneyOf(micros: number | null | undefined): string {
  return micros === null || micros === undefined ? '' : String(micros / millionth)
}

function knownOf(value: boolean | null | undefined): Known {
  if (value === null || value === undefined) return 'unknown'
  return value ? 'yes' : 'no'
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

function microsOf(text: string): number | null {
  return text.trim() === '' ? null : Math.round(Number(text) * millionth)
}
