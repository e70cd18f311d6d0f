/**
 * Which of the media types a client likes best, by its Accept header; of two that it likes alike the one named first
 * here. null: none of them, or it does not say (a range such as `text/…` says nothing).
 */
export function acceptedType<Type extends string>({ headers }: Request, types: readonly Type[]): Type | null {
  let best: Type | null = null
  let bestQuality = 0
  const wishes = wishesOf(headers.get('accept') ?? '')
  for (const type of types) {
    const quality = wishes.get(type) ?? 0
    if (quality <= bestQuality) continue
    best = type
    bestQuality = quality
  }
  return best
}

/** Media types and how much each is wanted, between 0 and 1. */
function wishesOf(accept: string): Map<string, number> {
  const wishes = new Map<string, number>()
  for (const wish of accept.slice(0, maxLength).split(',')) {
    const [type = '', ...parameters] = wish.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    const value = quality === undefined ? 1 : Number(quality.slice(2))
    wishes.set(type, value >= 0 && value <= 1 ? value : 0)
  }
  return wishes
}

const maxLength = 1024
