/** Who is at the other end of a request, as far as the network tells. */
export interface Client {
  /** Canonical text of the address, proxies of ours taken away. */
  ip: string
  /** At most 255 characters. */
  userAgent: string | null
  /** The language that this person reads: from the page's or the browser's own word. */
  locale: 'zh' | 'en'
}
