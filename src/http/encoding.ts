/** What our files are compressed with, the smallest first. */
const encodings = ['br', 'gzip'] as const
export type Encoding = (typeof encodings)[number]

/** The smallest copy that the client takes, or null for the plain one. */
export function chooseEncoding(
  acceptEncoding: string | null,
  copies: Partial<Record<Encoding, unknown>>,
): Encoding | null {
  const accepted = acceptedOf(acceptEncoding ?? '')
  return encodings.find((one) => copies[one] !== undefined && accepted.has(one)) ?? null
}

export function acceptsGzip({ headers }: Request): boolean {
  return chooseEncoding(headers.get('accept-encoding'), { gzip: true }) !== null
}

/** `gzip;q=0` means that it is refused. A lone `*` is not worth a compressed answer. */
function acceptedOf(header: string): Set<string> {
  const accepted = new Set<string>()
  for (const item of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim())
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name)
  }
  return accepted
}
