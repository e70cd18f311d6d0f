import { readFileSync, statSync } from 'node:fs'
import type { SiteLogo } from '../config.ts'
import { typeOfImage } from '../lib/type-of-image.ts'

const maxBytes = 256 * 1024

/** The picture in a file, or what is wrong with it. */
export function readLogo(file: string): { logo: SiteLogo } | { fault: string } {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    if (statSync(file).size > maxBytes) return { fault: 'expected a file of at most 256 KiB' }
    bytes = new Uint8Array(readFileSync(file))
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException
    return { fault: `expected a file that can be read (${code})` }
  }
  const contentType = typeOfImage(bytes) ?? (isSvg(bytes) ? 'image/svg+xml' : null)
  if (contentType === null) return { fault: 'expected a picture: SVG, PNG, WebP, JPEG or GIF' }
  const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex').slice(0, 12)
  const ending = contentType.slice('image/'.length).replace('+xml', '')
  return { logo: { path: `site-logo-${hash}.${ending}`, contentType, bytes } }
}

/** By its first element. What a script in it could do is for who serves it. */
function isSvg(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes)
  return text
    .replace(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>/g, '')
    .trimStart()
    .startsWith('<svg')
}
