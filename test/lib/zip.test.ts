import { describe, expect, test } from 'bun:test'
import { readZip } from '../../src/lib/read-zip.ts'
import { writeZip } from '../../src/lib/write-zip.ts'
import { zipOf } from '../support/zip.ts'

const limits = { maxEntries: 10, maxBytes: 1_000_000 }
const long = '春眠不觉晓 and so on. '.repeat(5000)

/** What is read of an archive that comes in chunks; of files whose names begin with `_` nothing. */
async function unpack(archive: Uint8Array, chunkBytes = 1000): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for await (const { name, content } of readZip(chunksOf(archive, chunkBytes), limits)) {
    const pieces: Uint8Array[] = []
    if (!name.startsWith('_')) for await (const piece of content) pieces.push(piece)
    files[name] = Buffer.concat(pieces).toString()
  }
  return files
}

async function* chunksOf(bytes: Uint8Array, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function* written(files: Record<string, string[]>) {
  for (const [name, texts] of Object.entries(files)) {
    yield { name, modifiedAt: new Date('2026-01-31T12:34:56Z'), text: textsOf(texts) }
  }
}

async function* textsOf(texts: string[]) {
  yield* texts
}

async function pack(files: Record<string, string[]>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(writeZip(written(files))))
}

describe('an archive', () => {
  test('that was written is read, in whatever pieces it comes', async () => {
    const archive = await pack({
      '标题 🙂.md': ['one', '', long],
      'b/empty.md': [],
      _skipped: [long],
      last: ['end'],
    })
    const expected = { '标题 🙂.md': `one${long}`, 'b/empty.md': '', _skipped: '', last: 'end' }
    for (const chunkBytes of [1, 1000, archive.length])
      expect(await unpack(archive, chunkBytes)).toEqual(expected)
  })

  test('with lengths before its files is read, packed or not', async () => {
    const archive = zipOf([
      { name: 'packed', content: long },
      { name: '_stored', content: Buffer.from('PK\x03\x04 PK\x07\x08'), isStored: true },
      { name: 'stored', content: 'PK\x01\x02 is in here', isStored: true },
      { name: '_packed', content: long },
      { name: 'last', content: '' },
    ])
    for (const chunkBytes of [7, archive.length]) {
      expect(await unpack(archive, chunkBytes)).toEqual({
        packed: long,
        _stored: '',
        stored: 'PK\x01\x02 is in here',
        _packed: '',
        last: '',
      })
    }
  })

  test('that holds too much is refused before it is unpacked', async () => {
    const bomb = zipOf([{ name: 'bomb', content: new Uint8Array(20_000_000) }])
    expect(bomb.length).toBeLessThan(30_000)
    await expect(unpack(bomb)).rejects.toThrow('more than is read')
    const many = zipOf(Array.from({ length: 11 }, (_, at) => ({ name: `${at}`, content: '' })))
    await expect(unpack(many)).rejects.toThrow('more than 10 files')
  })

  test('that is damaged, cut or encrypted is refused', async () => {
    const whole = zipOf([{ name: 'a', content: long }])
    await expect(unpack(whole.subarray(0, 200))).rejects.toThrow('breaks off')
    const flipped = Buffer.from(whole)
    flipped[100] = (flipped[100] ?? 0) ^ 0xff
    await expect(unpack(flipped)).rejects.toThrow('damaged')
    const wrongSum = Buffer.from(whole)
    wrongSum.writeUInt32LE(1, 14)
    await expect(unpack(wrongSum)).rejects.toThrow('damaged')
    await expect(unpack(zipOf([{ name: 'a', content: 'x', isEncrypted: true }]))).rejects.toThrow('encrypted')
    await expect(unpack(Buffer.from('PK\x03\x04 and nothing that makes sense'))).rejects.toThrow('breaks off')
  })
})
