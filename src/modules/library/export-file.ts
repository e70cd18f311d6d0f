import type { PieceSource } from '../../http/stream-body.ts'
import type { Export } from './export-library.ts'

/** A page of text makes many pieces: so much goes out together. */
const leastBytes = 32 * 1024

export interface ExportFile extends PieceSource {
  /** The rest is withheld, and the file looks as unfinished as it is. */
  cut(): void
}

/** The body of an export. Nothing is read from the database before the client has room for it. */
export function exportFile(pieces: Export['pieces'], onClose: () => void): ExportFile {
  let isCut = false

  async function next(): Promise<Uint8Array<ArrayBuffer> | null> {
    const gathered: Uint8Array[] = []
    for (let bytes = 0; bytes < leastBytes; ) {
      const { done, value } = await pieces.next()
      if (isCut) throw new Error('what the export lived on has ended')
      if (done) break
      const piece = typeof value === 'string' ? Buffer.from(value) : value
      bytes += piece.length
      gathered.push(piece)
    }
    return gathered.length === 0 ? null : Buffer.concat(gathered)
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
