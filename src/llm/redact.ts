const maxExcerptLength = 300

/**
 * A provider's words made fit for the log: one short line without the given texts (the key, what people wrote)
 * and without anything that looks like a key, for providers like to repeat it, half starred out.
 */
export function redact(text: string, secrets: (string | null)[]): string {
  let line = text
  for (const secret of secrets) {
    if (!secret || secret.length < 4) continue
    line = line.replaceAll(secret, '[redacted]')
    line = line.replaceAll(JSON.stringify(secret).slice(1, -1), '[redacted]')
  }
  return line
    .replace(/\bBearer\s+\S+/gi, '[redacted]')
    .replace(/\b(?:sk|pk|rk|gsk|xai|key|api)[-_][\w*.-]{3,}/gi, '[redacted]')
    .replace(/[\w-]*\*{3,}[\w-]*/g, '[redacted]')
    .replace(/[\w-]{32,}/g, '[redacted]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxExcerptLength)
}
