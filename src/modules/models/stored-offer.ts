/** All of it, as texts of JSON: so that what has not changed since the last time is seen at once. */
export interface StoredOffer {
  models: string
  keys: string
  defaultModel: string | null
}

/** As rows of a table are in JSON. */
export interface ModelJson {
  model_id: string
  provider: string
  upstream: string
  name: string
  is_enabled: boolean
  context_window: number | null
  max_output_tokens: number | null
  input_micros: number | null
  cached_input_micros: number | null
  output_micros: number | null
  reasoning_micros: number | null
  picture_micros: number | null
  draws: boolean
  has_vision: boolean | null
  has_reasoning: boolean | null
  has_tools: boolean | null
  plans: string[] | null
  fallbacks: string[]
}

export interface KeyJson {
  id: string
  provider: string
  base_url: string | null
  sealed_key: string | null
}
