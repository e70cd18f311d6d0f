import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Blobs } from './blobs.ts'
import { createDiskBlobs } from './disk.ts'
import { createS3Blobs } from './s3.ts'

/** Where the settings say: a bucket, or a folder in DATA_DIR. Asks nobody anything yet. */
export function openBlobs({ s3, dataDir }: Pick<Config, 's3' | 'dataDir'>): Blobs {
  return s3 === null ? createDiskBlobs(join(dataDir, 'blobs')) : createS3Blobs(s3)
}
