import { constants, crc32, deflateRawSync } from 'node:zlib'

/** A file that is to be in an archive. */
export interface ZipFile {
  /** With `/` between folders. */
  name: string
  modifiedAt: Date
  text: AsyncIterable<string>
}

/** More than this takes another kind of archive. */
export const maxZipFiles = 65_000
const maxZipBytes = 0xffffffff

/** A piece is compressed in one go, while everybody else waits. */
const maxPieceChars = 128 * 1024

/** An archive of files whose lengths nobody knows beforehand, made while it is read. Throws when it grows beyond 4 GB. */
export async function* writeZip(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const directory: Uint8Array[] = []
  let offset = 0
  for await (const file of files) {
    const name = Buffer.from(file.name)
    const begunAt = offset
    const start = localHeader(name, file.modifiedAt)
    offset += start.length
    yield start
    let crc = 0
    let size = 0
    let compressedSize = 0
    for await (const text of file.text) {
      for (let at = 0; at < text.length; at += maxPieceChars) {
        const piece = Buffer.from(text.slice(at, at + maxPieceChars))
        // Each piece stands for itself, so nothing has to be kept between two of them.
        const compressed = own(deflateRawSync(piece, { finishFlush: constants.Z_SYNC_FLUSH }))
        crc = crc32(piece, crc)
        size += piece.length
        compressedSize += compressed.length
        yield compressed
      }
    }
    yield lastBlock
    compressedSize += lastBlock.length
    const sizes = descriptor(crc, compressedSize, size)
    yield sizes
    offset += compressedSize + sizes.length
    if (offset > maxZipBytes || size > maxZipBytes) throw new Error('the archive is too large')
    directory.push(directoryEntry(name, file.modifiedAt, { crc, compressedSize, size, begunAt }))
  }
  if (directory.length > maxZipFiles) throw new Error('the archive has too many files')
  for (const entry of directory) yield own(entry)
  yield endOfDirectory(directory, offset)
}

/** A deflated text of nothing, which ends the pieces before it. */
const lastBlock = own(deflateRawSync(''))

// The names are UTF-8; sizes follow the content.
const flags = 0x0808
const neededVersion = 20
const deflated = 8

function localHeader(name: Uint8Array, modifiedAt: Date): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(30 + name.length)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, modifiedAt)
  header.writeUInt16LE(name.length, 26)
  header.set(name, 30)
  return header
}

function descriptor(crc: number, compressedSize: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(0x08074b50, 0)
  writeSizes(bytes, 4, { crc, compressedSize, size })
  return bytes
}

function directoryEntry(
  name: Uint8Array,
  modifiedAt: Date,
  { begunAt, ...sizes }: Sizes & { begunAt: number },
): Uint8Array {
  const entry = Buffer.alloc(46 + name.length)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(neededVersion, 4)
  writeCommon(entry, 6, modifiedAt)
  writeSizes(entry, 16, sizes)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt32LE(begunAt, 42)
  entry.set(name, 46)
  return entry
}

function endOfDirectory(entries: Uint8Array[], offset: number): Uint8Array<ArrayBuffer> {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(
    entries.reduce((sum, entry) => sum + entry.length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return end
}

interface Sizes {
  crc: number
  compressedSize: number
  size: number
}

function writeSizes(bytes: Buffer, at: number, { crc, compressedSize, size }: Sizes): void {
  bytes.writeUInt32LE(crc, at)
  bytes.writeUInt32LE(compressedSize, at + 4)
  bytes.writeUInt32LE(size, at + 8)
}

function writeCommon(bytes: Buffer, at: number, modifiedAt: Date): void {
  bytes.writeUInt16LE(neededVersion, at)
  bytes.writeUInt16LE(flags, at + 2)
  bytes.writeUInt16LE(deflated, at + 4)
  bytes.writeUInt32LE(dosTime(modifiedAt), at + 6)
}

/** Two seconds are the smallest step, 1980 is the first year and 2107 the last. */
function dosTime(moment: Date): number {
  const year = Math.min(Math.max(moment.getUTCFullYear() - 1980, 0), 127)
  const date = (year << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate()
  const time = (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
