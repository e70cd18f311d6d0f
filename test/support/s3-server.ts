import { join } from 'node:path'
import type { S3Config } from '../../src/config.ts'
import { freePort, isListening } from './ports.ts'
import { type Server, startServer } from './server.ts'
import { tempFolder } from './temp-folder.ts'

export interface S3Server extends Server {
  settings: S3Config
}

/** A private store that speaks S3, with one bucket. It needs Node: under Bun its streams do not work. */
export async function startS3(): Promise<S3Server> {
  const folder = tempFolder('s3')
  const port = await freePort()
  const program = join(import.meta.dir, '../../node_modules/s3rver/bin/s3rver.js')
  const server = await startServer({
    name: 'S3',
    command: [
      ...['node', program, '-d', folder, '-a', '127.0.0.1', '-p', String(port)],
      ...['--configure-bucket', 'cloudchat'],
    ],
    cwd: folder,
    stopSignal: 'SIGTERM',
    isReady: () => isListening(port),
  })
  const settings = {
    bucket: 'cloudchat',
    endpoint: `http://127.0.0.1:${port}`,
    region: null,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  }
  return Object.assign(server, { settings })
}
