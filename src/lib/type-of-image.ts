export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif'

/**
 * What bytes are by how they begin, whatever their sender calls them. null: no picture that browsers only show;
 * SVG is none, since it may hold scripts.
 */
export function typeOfImage(bytes: Uint8Array): ImageType | null {
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString('latin1')
  if (beginning.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (beginning.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (beginning.startsWith('RIFF') && beginning.endsWith('WEBP')) return 'image/webp'
  if (/^GIF8[79]a/.test(beginning)) return 'image/gif'
  return null
}
