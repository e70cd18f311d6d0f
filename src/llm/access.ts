/** One way to a provider: its address and, for most, a key. */
export interface Access {
  /** For the log and for administrators; says nothing about the key. */
  id: string
  provider: string
  baseUrl: string
  apiKey: string | null
}
