import { mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createId } from './ids.ts'

const pieceBytes = 64 * 1024

/**
 * Takes all that comes into a file in this folder, and gives it out again as it came. Nobody else finds the file, and
 * what is left of it when the process dies is nothing. Whoever reads it to its end, or gives it up, closes it.
 */
export async function spool(
  chunks: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<AsyncGenerator<Uint8Array>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${createId()}.tmp`)
  const file = await open(path, 'wx+', 0o600)
  // On Windows an open file stays: there it goes at the end.
  const isHidden = await unlink(path).then(
    () => true,
    () => false,
  )
  const close = async () => {
    await file.close()
    if (!isHidden) await unlink(path)
  }
  try {
    for await (const chunk of chunks) await file.writeFile(chunk)
  } catch (error) {
    await close()
    throw error
  }
  const pieces = read()
  // A generator that never began would close nothing.
  await pieces.next()
  return pieces

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield new Uint8Array()
      for (let at = 0; ; ) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(pieceBytes), 0, pieceBytes, at)
        if (bytesRead === 0) return
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await close()
    }
  }
}
