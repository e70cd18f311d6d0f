import type { ProviderPreset } from '../config.ts'
import { integer, text, token, tokens } from './kinds.ts'
import type { Environment } from './read-settings.ts'
import { type Setting, setting, type Table } from './setting.ts'
import { providerUrl } from './urls.ts'

/** A provider of models, and the variables that configure it. */
export interface ProviderVariables {
  /** How it is called in DEFAULT_MODEL. */
  name: string
  baseUrl: string
  apiKey: string
  model: string
  timeout?: string
  organization?: string
  /** Its own address and model: with a key, nothing else is needed. Null: it is known by its address alone. */
  hosted: { baseUrl: string; model: string } | null
}

/** In the order of preference. */
export const hostedProviders: ProviderVariables[] = [
  {
    ...variables('DEEPSEEK', 'https://api.deepseek.com/v1', 'deepseek-chat'),
    timeout: 'DEEPSEEK_TIMEOUT_SECONDS',
  },
  {
    ...variables('DASHSCOPE', 'https://dashscope.aliyuncs.com/compatible-mode/v1', 'qwen-turbo-2025-04-28'),
    name: 'qwen',
    model: 'QWEN_MODEL',
  },
  {
    ...variables('OPENAI', 'https://api.openai.com/v1', 'gpt-4.1-mini'),
    organization: 'OPENAI_ORG_ID',
  },
  variables('ANTHROPIC', 'https://api.anthropic.com/v1', 'claude-sonnet-4-6'),
  variables('COHERE', 'https://api.cohere.ai/compatibility/v1', 'command-a-03-2025'),
  variables('HUGGINGFACE', 'https://router.huggingface.co/v1', 'openai/gpt-oss-120b'),
]

/** For whoever enters a key, or an address on his own machine, while the service runs. */
export const presets: ProviderPreset[] = [
  ...hostedProviders.flatMap(({ name, hosted }) => (hosted ? [{ name, ...hosted, needsKey: true }] : [])),
  { name: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', model: null, needsKey: false },
  { name: 'vllm', baseUrl: 'http://127.0.0.1:8000/v1', model: null, needsKey: false },
]

const aliases: Record<string, string[]> = {
  DASHSCOPE_API_KEY: ['QWEN_API_KEY'],
  DASHSCOPE_BASE_URL: ['QWEN_BASE_URL'],
  QWEN_MODEL: ['DASHSCOPE_MODEL'],
  OPENAI_MODEL: ['OPENAI_DEFAULT_MODEL'],
  OPENAI_ORG_ID: ['OPENAI_ORGANIZATION'],
}

/** The settings of the known providers. */
export const providerSettings: Table = Object.assign({}, ...hostedProviders.map(settingsOf))

/** Any other `<NAME>_BASE_URL` in the environment is a provider too. In alphabetical order. */
export function otherProviders(env: Environment): ProviderVariables[] {
  return Object.keys(env)
    .flatMap((variable) => /^([A-Z][A-Z0-9_]*)_BASE_URL$/.exec(variable)?.[1] ?? [])
    .filter((prefix) => env[`${prefix}_BASE_URL`]?.trim() && !isTaken(prefix) && !isForPages(prefix))
    .sort()
    .map((prefix) => variables(prefix))
}

/** `API_BASE_URL` and the like are where some page or program looks for its server, not where a model is. */
export function isForPages(prefix: string): boolean {
  return /^SERVER$|(^|_)(API|APP|BACKEND|CLIENT|FRONT_?END|PUBLIC|SITE|WEB)$/.test(prefix)
}

export function settingsOf({ name, hosted, ...of }: ProviderVariables): Table {
  const table: Record<string, Setting<unknown>> = {
    [of.apiKey]: keySetting(hosted ? `Makes ${name} available.` : `Key of ${name}, if it wants one.`),
    [of.baseUrl]: setting({
      kind: providerUrl,
      ...(hosted ? { shownDefault: hosted.baseUrl } : {}),
      meaning: `Another address for ${name}; needs no key there.`,
    }),
    [of.model]: setting({
      kind: text({ max: 200 }),
      shownDefault: hosted ? hosted.model : 'the first that it lists',
      meaning: `Model of ${name}.`,
    }),
  }
  if (of.organization)
    table[of.organization] = setting({
      kind: token,
      shownDefault: 'none',
      meaning: `Organization that ${name} bills.`,
    })
  if (of.timeout)
    table[of.timeout] = setting({
      kind: integer(1, 300),
      shownDefault: 'LLM_TIMEOUT_SECONDS',
      meaning: `LLM_TIMEOUT_SECONDS of ${name} alone.`,
    })
  for (const [variable, others] of Object.entries(aliases)) {
    if (table[variable]) table[variable] = { ...table[variable], aliases: others }
  }
  return table
}

/**
 * Further keys of a provider, one a variable: `<its key's name>_2` and so on, under any of the names that the first
 * may have.
 */
export function furtherKeysOf({ name, apiKey }: ProviderVariables, env: Environment): Table {
  const table: Record<string, Setting<unknown>> = {}
  for (const variable of Object.keys(env).sort()) {
    const [, first = '', number] =
      /^([A-Z][A-Z0-9_]*_API_KEY)_([2-9]|[1-9]\d)(?:_FILE)?$/.exec(variable) ?? []
    const others = aliases[apiKey] ?? []
    if (number === undefined || ![apiKey, ...others].includes(first)) continue
    table[`${apiKey}_${number}`] = {
      ...keySetting(`Another key of ${name}.`),
      aliases: others.map((other) => `${other}_${number}`),
    }
  }
  return table
}

function keySetting(meaning: string): Setting<string[] | null> {
  return setting({ kind: tokens, secret: true, shownDefault: 'none', meaning })
}

function variables(prefix: string, baseUrl?: string, model?: string): ProviderVariables {
  return {
    name: prefix.toLowerCase(),
    baseUrl: `${prefix}_BASE_URL`,
    apiKey: `${prefix}_API_KEY`,
    model: `${prefix}_MODEL`,
    hosted: baseUrl && model ? { baseUrl, model } : null,
  }
}

function isTaken(prefix: string): boolean {
  return prefix === 'QWEN' || hostedProviders.some(({ baseUrl }) => baseUrl === `${prefix}_BASE_URL`)
}
