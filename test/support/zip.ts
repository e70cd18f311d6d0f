import { crc32, deflateRawSync } from 'node:zlib'

export interface PackedFile {
  name: string
  content: string | Uint8Array
  /** Not compressed. */
  isStored?: boolean
  isEncrypted?: boolean
}

/** An archive as most programs write it: the lengths stand before the content. */
export function zipOf(files: PackedFile[]): Buffer {
  const directory: Buffer[] = []
  const pieces: Buffer[] = []
  let offset = 0
  for (const { name, content, isStored = false, isEncrypted = false } of files) {
    const plain = Buffer.from(content)
    const packed = isStored ? plain : deflateRawSync(plain)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(isEncrypted ? 1 : 0, 2)
    common.writeUInt16LE(isStored ? 0 : 8, 4)
    common.writeUInt32LE(crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(plain.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, place, Buffer.from(name)]))
    pieces.push(Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]))
    offset += pieces.at(-1)?.length ?? 0
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, ...directory, end])
}
