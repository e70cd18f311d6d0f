import { isIPv4, isIPv6 } from 'node:net'

/** Eight groups of 16 bits. An IPv4 address is held in its IPv4-mapped form, so every spelling of it is one. */
type Groups = number[]

const mappedPrefixBits = 96

/** The one text for an address, whatever its spelling: IPv4 also for IPv4-mapped IPv6. Null: not an address. */
export function canonicalAddress(text: string): string | null {
  // It has no other spelling: leading zeros are refused.
  if (isIPv4(text)) return text
  const groups = parse(text)
  return groups && format(groups)
}

/** Whether text is an address or a range like `10.0.0.0/8` or `fd00::/8`. */
export function isAddressRange(text: string): boolean {
  return parseRange(text) !== null
}

/** Tells addresses in these ranges from others. What is no address matches nothing. Throws on a malformed range. */
export function addressMatcher(ranges: string[]): (ip: string) => boolean {
  const parsed = ranges.map((text) => {
    const range = parseRange(text)
    if (!range) throw new Error(`not an address or a range: ${text}`)
    return range
  })
  return (ip) => {
    const groups = parse(ip)
    return groups !== null && parsed.some((range) => contains(range, groups))
  }
}

function parse(text: string): Groups | null {
  if (isIPv4(text)) return [0, 0, 0, 0, 0, 0xffff, ...ipv4Groups(text)]
  if (!isIPv6(text)) return null
  const bare = text.split('%', 1)[0] ?? ''
  const [head = '', tail] = bare.split('::', 2)
  const before = groupsOf(head)
  if (tail === undefined) return before
  const after = groupsOf(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function groupsOf(part: string): Groups {
  if (part === '') return []
  return part
    .split(':')
    .flatMap((group) => (group.includes('.') ? ipv4Groups(group) : Number.parseInt(group, 16)))
}

function ipv4Groups(text: string): Groups {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}

function format(groups: Groups): string {
  if (isMapped(groups))
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  // A URL's host is written as RFC 5952 wants it: lower case, the longest run of zeros as `::`.
  const host = groups.map((group) => group.toString(16)).join(':')
  return new URL(`http://[${host}]`).hostname.slice(1, -1)
}

function isMapped(groups: Groups): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
}

interface Range {
  groups: Groups
  bits: number
}

function parseRange(text: string): Range | null {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text)
  const groups = match?.[1] ? parse(match[1]) : null
  if (!match?.[1] || !groups) return null
  const offset = isIPv4(match[1]) ? mappedPrefixBits : 0
  const bits = match[2] === undefined ? 128 : Number(match[2]) + offset
  return bits <= 128 ? { groups, bits } : null
}

/** `::/0` is all of IPv6 and nothing of IPv4, although IPv4 is held as a part of it here. */
function contains({ groups, bits }: Range, address: Groups): boolean {
  const isOfIPv4 = bits >= mappedPrefixBits && isMapped(groups)
  if (isOfIPv4 !== isMapped(address)) return false
  return groups.every((group, index) => {
    const shift = 16 - Math.min(16, Math.max(0, bits - index * 16))
    return group >> shift === (address[index] ?? 0) >> shift
  })
}
