import type { Access } from './access.ts'
import { unreadable } from './fault.ts'
import type { Picture } from './llm.ts'
import { readAtMost } from './read-at-most.ts'

const maxPictureBytes = 20 << 20

/**
 * The picture that a provider has put somewhere; its key does not go there. Of what is inside our own network a
 * provider may only point to itself.
 */
export async function fetchPicture(address: string, access: Access, signal: AbortSignal): Promise<Picture> {
  const url = URL.parse(address)
  const isOwn = url !== null && url.origin === new URL(access.baseUrl).origin
  if (url === null || !(isOwn || (url.protocol === 'https:' && isPublic(url.hostname)))) {
    throw unreadable('a picture at an address that is not fetched from')
  }
  const response = await fetch(url, { signal, redirect: 'manual', timeout: false })
  if (!response.ok) throw unreadable(`a picture that is not there (${response.status})`)
  const bytes = await readAtMost(response, maxPictureBytes)
  if (bytes === null || bytes.length === 0) throw unreadable('a picture of no size that can be kept')
  return { bytes, url: address }
}

/** A name of the public internet: no address in numbers, no name without a dot, none of those kept for inside. */
function isPublic(hostname: string): boolean {
  return (
    /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(hostname) &&
    !/\.(local|internal|lan|localhost)$/i.test(hostname)
  )
}
