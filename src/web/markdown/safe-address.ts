const schemes = new Set(['http:', 'https:', 'mailto:'])

/** The address of a page elsewhere or of a mailbox, as browsers read it; null for any other. */
export function safeAddress(address: string): string | null {
  const url = URL.parse(address.trim())
  return url && schemes.has(url.protocol) ? url.href : null
}
