/**
 * What a limit counts an address as: IPv4 as it is, IPv6 by its first 64 bits, since one subscriber has all the
 * addresses behind those. `ip` is canonical text, in which at most one `::` stands for zeros.
 */
export function addressBucket(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...right]
  return `${groups.slice(0, 4).join(':')}::/64`
}
