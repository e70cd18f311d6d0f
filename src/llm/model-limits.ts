/** In tokens. */
export interface ModelLimits {
  /** Question and answer together. */
  contextWindow: number
  maxOutputTokens: number
  /** Nobody has said it, and nobody knows a model of this name: it may well write more. */
  isLengthGuessed?: boolean
}

/** Of a model about which nothing is known. */
const usualOutputTokens = 4096

/**
 * Well-known models by the beginning of their names, the first that fits; [context window, longest answer]. Where a
 * name is served with different limits, these are the smaller ones: too small a window only forgets a little sooner.
 */
const wellKnown: [RegExp, number, number][] = [
  [/^deepseek-(reasoner|r1)/, 131_072, 65_536],
  [/^deepseek/, 131_072, 8192],
  [/^qwen-long/, 10_000_000, 8192],
  [/^qwen-(turbo|flash)/, 1_000_000, 16_384],
  [/^qwen3-max/, 262_144, 32_768],
  [/^qwen3-coder/, 262_144, 65_536],
  [/^qwen-max/, 32_768, 8192],
  [/^(qwen-|qwq-plus)/, 131_072, 8192],
  [/^gpt-4\.1/, 1_047_576, 32_768],
  [/^gpt-5[^/]*-chat/, 128_000, 16_384],
  [/^gpt-5/, 400_000, 128_000],
  [/^(gpt-4o|chatgpt-4o)/, 128_000, 16_384],
  [/^gpt-4-(turbo|1106|0125)/, 128_000, 4096],
  [/^gpt-4-32k/, 32_768, 4096],
  [/^gpt-4/, 8192, 4096],
  [/^gpt-3\.5/, 16_385, 4096],
  [/^gpt-oss/, 131_072, 32_768],
  [/^o1-(mini|preview)/, 128_000, 32_768],
  [/^o\d/, 200_000, 100_000],
  [/^claude-3-(haiku|opus|sonnet)/, 200_000, 4096],
  [/^claude-3-5/, 200_000, 8192],
  [/^claude-opus-4(-1|-2025|$)/, 200_000, 32_000],
  [/^claude/, 200_000, 64_000],
  [/^command-a/, 256_000, 8192],
  [/^command-r/, 128_000, 4096],
  [/^gemini-(2\.5|[3-9])/, 1_048_576, 65_536],
  [/^gemini/, 1_048_576, 8192],
  [/^grok-4/, 256_000, 32_768],
  [/^grok/, 131_072, 16_384],
  [/^glm-4\.[5-9]/, 131_072, 65_536],
  [/^glm-4/, 128_000, 4096],
  [/^kimi-k2/, 131_072, 16_384],
  [/^moonshot-v1-8k/, 8192, 4096],
  [/^moonshot-v1-32k/, 32_768, 8192],
  [/^moonshot/, 131_072, 8192],
  [/^llama-3\.[123]/, 131_072, 8192],
  [/^mistral-(large|medium|small)/, 128_000, 8192],
]

/** What is generally known about a model of this name (`vendor/` before it does not matter), or null. */
export function wellKnownLimits(model: string): ModelLimits | null {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  // `llama3:8b`, `deepseek-r1:7b`: on somebody's own machine, with as much room as there is memory.
  if (name.includes(':')) return null
  const found = wellKnown.find(([pattern]) => pattern.test(name))
  return found ? { contextWindow: found[1], maxOutputTokens: found[2] } : null
}

/** What is said about a model goes before what is known about its name, and that before the default. */
export function limitsOf(
  model: string,
  said: { contextWindow: number | null; maxOutputTokens: number | null } | undefined,
  usualContextWindow: number,
): ModelLimits {
  const known = wellKnownLimits(model)
  const contextWindow = said?.contextWindow ?? known?.contextWindow ?? usualContextWindow
  const longest = said?.maxOutputTokens ?? known?.maxOutputTokens ?? usualOutputTokens
  const isSaid = typeof said?.maxOutputTokens === 'number'
  return {
    contextWindow,
    maxOutputTokens: isSaid ? longest : Math.min(longest, Math.floor(contextWindow / 2)),
    ...(!isSaid && known === null && { isLengthGuessed: true }),
  }
}
