import { crc32, createInflateRaw } from 'node:zlib'

/** A file in an archive; to be read before the next one is asked for, or not at all. */
export interface ZipEntry {
  name: string
  content: AsyncGenerator<Uint8Array>
}

export interface ZipLimits {
  maxEntries: number
  /** Of all that is unpacked. */
  maxBytes: number
}

/** The archive is damaged, too large, or of a kind that is not read. The message says which. */
export class ZipFault extends Error {}

/**
 * The files of an archive in the order in which they stand in it, unpacked while it arrives. What is not read is passed
 * over, without unpacking it where its length is known. Throws ZipFault.
 */
export async function* readZip(
  chunks: AsyncIterable<Uint8Array>,
  limits: ZipLimits,
): AsyncGenerator<ZipEntry> {
  const input = createInput(chunks)
  const allowance = { bytes: limits.maxBytes }
  for (let entries = 0; (await input.take(4)).readUInt32LE(0) === entrySignature; entries++) {
    if (entries >= limits.maxEntries)
      throw new ZipFault(`The archive has more than ${limits.maxEntries} files`)
    const header = await readHeader(input)
    const reading: Reading = { isBegun: false, crc: 0 }
    const content = contentOf(input, header, reading, allowance)
    yield { name: header.name, content }
    if (reading.isBegun || header.isStreamed) for await (const _ of content);
    else await input.skip(header.compressedSize)
    const crc = header.isStreamed ? await readDescriptor(input, header.isZip64) : header.crc
    if (reading.isBegun && reading.crc !== crc) throw damaged()
  }
}

const entrySignature = 0x04034b50
const descriptorSignature = 0x08074b50

interface Header {
  name: string
  method: number
  isEncrypted: boolean
  /** The sizes and the checksum follow the content. */
  isStreamed: boolean
  isZip64: boolean
  crc: number
  compressedSize: number
}

interface Reading {
  isBegun: boolean
  crc: number
}

async function readHeader(input: Input): Promise<Header> {
  const fixed = await input.take(26)
  const name = (await input.take(fixed.readUInt16LE(22))).toString('utf8')
  const sizes = zip64Sizes(await input.take(fixed.readUInt16LE(24)))
  const flags = fixed.readUInt16LE(2)
  const compressedSize = fixed.readUInt32LE(14)
  return {
    name,
    method: fixed.readUInt16LE(4),
    isEncrypted: (flags & 1) !== 0,
    isStreamed: (flags & 8) !== 0,
    isZip64: sizes !== null,
    crc: fixed.readUInt32LE(10),
    compressedSize: compressedSize === 0xffffffff ? (sizes?.compressed ?? compressedSize) : compressedSize,
  }
}

/** From the extra fields; null: they are not those of a large file. */
function zip64Sizes(extra: Buffer): { compressed: number } | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    return { compressed: at + 20 <= extra.length ? Number(extra.readBigUInt64LE(at + 12)) : 0 }
  }
  return null
}

async function* contentOf(
  input: Input,
  { name, method, isEncrypted, isStreamed, compressedSize }: Header,
  reading: Reading,
  allowance: { bytes: number },
): AsyncGenerator<Uint8Array> {
  reading.isBegun = true
  if (isEncrypted) throw new ZipFault(`${name} is encrypted`)
  if (method !== stored && method !== deflated) throw new ZipFault(`${name} is compressed in an unknown way`)
  if (method === stored && isStreamed) throw new ZipFault(`The length of ${name} is not known`)
  const length = isStreamed ? null : compressedSize
  for await (const piece of method === stored ? copy(input, compressedSize) : inflate(input, length)) {
    allowance.bytes -= piece.length
    if (allowance.bytes < 0) throw new ZipFault('The archive holds more than is read')
    reading.crc = crc32(piece, reading.crc)
    yield piece
  }
}

const stored = 0
const deflated = 8

async function* copy(input: Input, length: number): AsyncGenerator<Uint8Array> {
  for (let left = length; left > 0; ) {
    const piece = await input.some(left)
    left -= piece.length
    yield piece
  }
}

/** A thousand times as much may come out of each at most. */
const sliceBytes = 4096

/** `length`: null where only the content itself tells its end. */
async function* inflate(input: Input, length: number | null): AsyncGenerator<Uint8Array> {
  const inflater = createInflateRaw({ chunkSize: 64 * 1024 })
  const end = Promise.withResolvers<void>()
  // Nobody may be waiting for it when it fails.
  end.promise.catch(() => {})
  let pieces: Uint8Array[] = []
  inflater.on('data', (piece: Uint8Array) => pieces.push(piece))
  inflater.on('end', end.resolve)
  inflater.on('error', () => end.reject(damaged()))
  try {
    let given = 0
    for (let left = length ?? Number.POSITIVE_INFINITY; left > 0; ) {
      const slice = await input.some(Math.min(left, sliceBytes))
      const taken = new Promise<void>((resolve) => inflater.write(slice, () => resolve()))
      await Promise.race([taken, end.promise])
      given += slice.length
      left -= slice.length
      yield* pieces
      pieces = []
      const tooMuch = given - inflater.bytesWritten
      if (tooMuch === 0) continue
      if (length === null) input.back(slice.subarray(slice.length - tooMuch))
      else await input.skip(left)
      break
    }
    inflater.end()
    await end.promise
    yield* pieces
  } finally {
    inflater.destroy()
  }
}

/** What follows the content: with or without a signature, with sizes of 4 or 8 bytes. Returns the checksum. */
async function readDescriptor(input: Input, isZip64: boolean): Promise<number> {
  const first = (await input.take(4)).readUInt32LE(0)
  const crc = first === descriptorSignature ? (await input.take(4)).readUInt32LE(0) : first
  await input.take(isZip64 ? 16 : 8)
  return crc
}

/** Bytes by the number, from chunks as they come. All of these throw ZipFault where there is nothing more. */
interface Input {
  /** So many. */
  take(count: number): Promise<Buffer>
  /** At least one, at most so many. */
  some(max: number): Promise<Buffer>
  skip(count: number): Promise<void>
  /** They come next. */
  back(bytes: Buffer): void
}

function createInput(chunks: AsyncIterable<Uint8Array>): Input {
  const source = chunks[Symbol.asyncIterator]()
  let waiting: Buffer = Buffer.alloc(0)

  async function some(max: number): Promise<Buffer> {
    while (waiting.length === 0) {
      const { done, value } = await source.next()
      if (done) throw new ZipFault('The archive breaks off')
      waiting = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    const bytes = waiting.subarray(0, max)
    waiting = waiting.subarray(bytes.length)
    return bytes
  }

  async function take(count: number): Promise<Buffer> {
    const pieces: Buffer[] = []
    for (let left = count; left > 0; ) {
      const piece = await some(left)
      pieces.push(piece)
      left -= piece.length
    }
    return Buffer.concat(pieces)
  }

  async function skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) left -= (await some(left)).length
  }

  function back(bytes: Buffer): void {
    waiting = Buffer.concat([bytes, waiting])
  }

  return { take, some, skip, back }
}

function damaged(): ZipFault {
  return new ZipFault('The archive is damaged')
}
