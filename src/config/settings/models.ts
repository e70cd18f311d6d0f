import { bad, good, integer, type Kind, listOf, text } from '../kinds.ts'
import { modelSetting } from '../model-list.ts'
import { setting } from '../setting.ts'

export const models = {
  DEFAULT_MODEL: setting({
    kind: text({ max: 200 }),
    shownDefault: "the first provider's",
    meaning: 'Who answers when nobody else is asked for: provider or provider/model, such as qwen/qwen-plus.',
  }),
  MODELS: setting({
    kind: listOf(modelSetting),
    shownDefault: "each provider's own",
    meaning:
      'Further models to choose from, with their context window and longest answer where not well known.',
  }),
  MODEL_CONTEXT_WINDOW: setting({
    kind: integer(1024, 100_000_000),
    default: '32768',
    meaning: 'Tokens that a model takes, question and answer together, where nothing is known about it.',
  }),
  CURRENCY: setting({
    kind: currency(),
    default: 'USD',
    meaning: 'Of the prices of models, balances and costs: its three letters.',
  }),
  LLM_TIMEOUT_SECONDS: setting({
    kind: integer(1, 3600),
    default: '320',
    meaning:
      'How long to wait until a provider begins to answer, tries included, and then for the first word.',
  }),
  LLM_IDLE_TIMEOUT_SECONDS: setting({
    kind: integer(1, 3600),
    default: '120',
    meaning: 'The longest silence in an answer that has begun.',
  }),
  LLM_MAX_RETRIES: setting({
    kind: integer(0, 5),
    default: '1',
    meaning: 'Further tries when a provider fails before its answer begins.',
  }),
}

function currency(): Kind<string> {
  return {
    label: 'text',
    parse: (value) =>
      /^[A-Z]{3}$/.test(value) ? good(value) : bad('three capital letters such as USD or CNY'),
  }
}
