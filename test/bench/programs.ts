import { join } from 'node:path'
import { freePort, isListening } from '../support/ports.ts'
import { type Server, startServer } from '../support/server.ts'

export interface Program extends Server {
  port: number
}

/** The scripted upstream in a process of its own: its work must not be counted as anybody else's. */
export function startUpstreamProgram(): Promise<Program> {
  return startProgram('upstream', (port) => ['../support/upstream.ts', '--port', String(port)])
}

/** The reference in a process of its own. */
export function startBareServer(upstreamUrl = ''): Promise<Program> {
  return startProgram('bare server', (port) => ['bare-server.ts', String(port), upstreamUrl])
}

async function startProgram(name: string, wordsFor: (port: number) => string[]): Promise<Program> {
  const port = await freePort()
  const [file = '', ...words] = wordsFor(port)
  const server = await startServer({
    name,
    command: [...manyConnections, process.execPath, join(import.meta.dir, file), ...words],
    // As the executable does it for itself.
    env: { BUN_CONFIG_MAX_HTTP_REQUESTS: '65336' },
    stopSignal: 'SIGTERM',
    isReady: () => isListening(port),
  })
  return Object.assign(server, { port })
}

/** Put before a command: 5,000 streams are 10,000 descriptors. */
export const manyConnections = ['/bin/sh', '-c', 'ulimit -n "$(ulimit -H -n)" && exec "$0" "$@"']
