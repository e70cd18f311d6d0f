import { join } from 'node:path'
import { freePort, isListening } from './ports.ts'
import { requireProgram } from './programs.ts'
import { type Server, startServer } from './server.ts'
import { tempFolder } from './temp-folder.ts'

export const redisPassword = 'a-test-password'

export interface RedisServer extends Server {
  port: number
  url: string
}

/** A private Redis with the very settings that `ops/` gives to a server, and a password. */
export async function startRedis(): Promise<RedisServer> {
  const folder = tempFolder('redis')
  const port = await freePort()
  const settings = join(import.meta.dir, '../../ops/redis/cloudchat.conf')
  const own = ['--port', String(port), '--dir', folder, '--requirepass', redisPassword]
  const server = await startServer({
    name: 'Redis',
    command: [requireProgram('redis-server'), settings, ...own],
    cwd: folder,
    stopSignal: 'SIGTERM',
    isReady: () => isListening(port),
  })
  return Object.assign(server, { port, url: `redis://:${redisPassword}@127.0.0.1:${port}/0` })
}
