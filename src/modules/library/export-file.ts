import type { PieceSource } from '../../http/stream-body.ts'
import type { Export } from './export-library.ts'

/** A page of text makes many pieces: so much goes out together. */
const leastLength = 32 * 1024

export interface ExportFile extends PieceSource {
  /** The rest is withheld, and the file looks as unfinished as it is. */
  cut(): void
}

/** The body of an export. Nothing is read from the database before the client has room for it. */
export function exportFile(pieces: Export['pieces'], onClose: () => void): ExportFile {
  let isCut = false

  async function next(): Promise<string | Uint8Array<ArrayBuffer> | null> {
    let text = ''
    const bytes: Uint8Array[] = []
    for (let length = 0; length < leastLength; ) {
      const { done, value } = await pieces.next()
      if (isCut) throw new Error('what the export lived on has ended')
      if (done) break
      length += value.length
      if (typeof value === 'string') text += value
      else bytes.push(value)
    }
    if (bytes.length > 0) return Buffer.concat(bytes)
    return text === '' ? null : text
  }

  async function close(): Promise<void> {
    onClose()
    // It may be waiting for the database: then it ends when that has answered.
    await pieces.return(undefined).catch(() => {})
  }

  function cut(): void {
    isCut = true
  }

  return { next, close, cut }
}
