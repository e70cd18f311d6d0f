import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { type Server, startServer } from './server.ts'
import { tempFolder } from './temp-folder.ts'

/** The executable that is shipped. */
export const binaryPath = join(import.meta.dir, '../../dist/cloudchat')

export interface BinaryOptions {
  /** The whole environment: nothing of the tests' own gets through. */
  env?: Record<string, string>
  /** Where it runs; an empty folder unless said. */
  folder?: string
  /** Put before the command, as `prlimit --nofile=64`. */
  prefix?: string[]
  /** Another build of it. */
  path?: string
}

export interface Binary extends Server {
  /** `http://127.0.0.1:…` */
  url: string
  port: number
  folder: string
}

/** Starts the executable as a stranger would: an empty folder, an empty environment. Resolves when it is ready. */
export async function startBinary({
  env = {},
  folder = tempFolder('binary'),
  prefix = [],
  path = existingBinary(),
}: BinaryOptions = {}): Promise<Binary> {
  const port = Number(env.PORT ?? (await freePort()))
  const url = `http://127.0.0.1:${port}`
  const server = await startServer({
    name: 'the executable',
    command: [...prefix, path, 'serve'],
    cwd: folder,
    env: { PORT: String(port), ...env },
    stopSignal: 'SIGTERM',
    isReady: () => isReady(url),
  })
  return Object.assign(server, { url, port, folder })
}

/** Runs the executable to its end. */
export function runBinary(words: string[], { env = {}, folder = tempFolder('binary') }: BinaryOptions = {}) {
  const { status, signal, stdout, stderr } = spawnSync(existingBinary(), words, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, signal, stdout, stderr }
}

function existingBinary(): string {
  if (!existsSync(binaryPath)) throw new Error('there is no dist/cloudchat: bun run build')
  return binaryPath
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}
