import type { S3Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { type Blobs, checkKey } from './blobs.ts'

/** A bucket of anything that speaks S3. An object appears whole or not at all. */
export function createS3Blobs({ bucket, endpoint, region, accessKeyId, secretAccessKey }: S3Config): Blobs {
  const client = new Bun.S3Client({
    bucket,
    accessKeyId,
    secretAccessKey,
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
  })
  return {
    kind: 's3',
    async put(key, bytes) {
      await client.write(checkKey(key), bytes).catch(refuse)
    },
    async get(key) {
      const file = client.file(checkKey(key))
      const stat = await file.stat().catch((error) => (isMissing(error) ? null : refuse(error)))
      return stat === null ? null : { size: stat.size, stream: () => file.stream() }
    },
    async delete(key) {
      await client.delete(checkKey(key)).catch((error) => (isMissing(error) ? undefined : refuse(error)))
    },
  }
}

function isMissing(error: unknown): boolean {
  const { code } = Object(error)
  return code === 'NoSuchKey' || code === 'NotFound' || code === 'ENOENT'
}

/** What the client says may hold the address and the key's id: the code alone goes on. */
function refuse(error: unknown): never {
  const cause = new Error(`S3: ${String(Object(error).code ?? 'failed')}`)
  throw new AppError('dependency_down', 'The storage of files is not available', { cause })
}
