import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { assetPath } from '../lib/assets.ts'
import type { Log } from '../lib/log.ts'
import { isCompiled } from '../lib/version.ts'
import { asDependencyDown } from './connection-trouble.ts'
import type { Reply, Request, RowMode } from './embedded-protocol.ts'
import type { Row } from './sql-client.ts'

/** The worker that runs the embedded database. */
export interface Thread {
  /** Statements are run in the order of these calls. */
  query(text: string, params: unknown[], rowMode: RowMode): Promise<Row[] & { command: string }>
  close(): Promise<void>
}

export async function startThread(dataDir: string, log: Log): Promise<Thread> {
  const worker = new Worker(workerPath)
  const waiting = new Map<number, PromiseWithResolvers<Row[] & { command: string }>>()
  let lastId = 0
  let stopped: AppError | null = null

  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if ('brokenBy' in data) return stop(data.brokenBy)
    const call = waiting.get(data.id)
    waiting.delete(data.id)
    // A disk that is full, for one, is trouble of the database's and not a fault in the statement.
    if ('fault' in data)
      call?.reject(asDependencyDown(Object.assign(new Error(data.fault.message), data.fault)))
    else call?.resolve(Object.assign(data.rows as Row[], { command: data.command, count: data.count }))
  }
  worker.onerror = (event) => stop(event.message)
  worker.addEventListener('close', () => stop('its thread ended'))

  function stop(reason: string): void {
    if (stopped) return
    stopped = new AppError('dependency_down', 'The embedded database has stopped')
    log.fatal({ reason }, 'The embedded database has stopped: restart CloudChat')
    for (const call of waiting.values()) call.reject(stopped)
    waiting.clear()
    worker.terminate()
  }

  function send(request: Unnumbered<Request>): Promise<Row[] & { command: string }> {
    if (stopped) return Promise.reject(stopped)
    const call = Promise.withResolvers<Row[] & { command: string }>()
    const id = ++lastId
    waiting.set(id, call)
    try {
      worker.postMessage({ id, ...request })
    } catch (error) {
      waiting.delete(id)
      call.reject(error)
    }
    return call.promise
  }

  try {
    await send({
      kind: 'open',
      dataDir,
      wasmPath: assetPath('pglite.wasm'),
      filesPath: assetPath('pglite.data'),
    })
  } catch (error) {
    worker.terminate()
    throw error
  }

  return {
    query: (text, params, rowMode) => send({ kind: 'query', text, params, rowMode }),
    async close() {
      if (stopped) return
      const closed = send({ kind: 'close' })
      stopped = new AppError('shutting_down', 'The embedded database is closed')
      // A statement that does not end is cut off; what was acknowledged is in the log and comes back.
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, closeGraceMs)
      try {
        await Promise.race([closed, patience.promise])
      } finally {
        clearTimeout(timer)
        worker.terminate()
      }
    },
  }
}

const closeGraceMs = 5000

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never

/** A second entry point of the executable; in a checkout, the source itself. */
const workerPath = isCompiled
  ? join(import.meta.dir, 'db', 'embedded-worker.js')
  : new URL('./embedded-worker.ts', import.meta.url).href
