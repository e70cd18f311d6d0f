import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { giveBackMemory } from '../lib/give-back-memory.ts'
import type { Reply, Request } from './embedded-protocol.ts'

/** The embedded PostgreSQL, in a thread of its own: a slow statement must not hold up everybody's streams. */
declare const self: Worker

let database: PGlite | null = null
// Strictly one after the other, as they come.
let last: Promise<unknown> = Promise.resolve()

self.onmessage = ({ data }: MessageEvent<Request>) => {
  last = last.then(() => answer(data)).then((reply) => self.postMessage(reply))
}

async function answer(request: Request): Promise<Reply> {
  try {
    return { id: request.id, ...(await act(request)) }
  } catch (error) {
    if (isBreakdown(error)) return { brokenBy: String(error) }
    return { id: request.id, fault: faultOf(error) }
  }
}

async function act(request: Request): Promise<Answer> {
  if (request.kind === 'open') {
    database = await open(request)
    return nothing
  }
  if (database === null) throw new Error('The embedded database is not open')
  if (request.kind === 'query') return query(database, request)
  await database.query('checkpoint')
  await database.close()
  return nothing
}

async function open(request: Request & { kind: 'open' }): Promise<PGlite> {
  const database = new PGlite(request.dataDir, {
    pgliteWasmModule: await WebAssembly.compile(readFileSync(request.wasmPath)),
    // Not needed, since the data directory exists; an empty module keeps it from looking for the real one.
    initdbWasmModule: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    fsBundle: Bun.file(request.filesPath),
    parsers: asText,
  })
  await database.waitReady
  giveBackMemory()
  return database
}

async function query(
  database: PGlite,
  { text, params, rowMode }: Request & { kind: 'query' },
): Promise<Answer> {
  const options = { rowMode }
  // Without parameters there may be several statements, as on a server.
  const result =
    params.length > 0
      ? await database.query(text, params, options)
      : (await database.exec(text, options)).at(-1)
  if (result === undefined) return nothing
  return {
    rows: result.rows,
    command: result.command ?? '',
    count: result.rowCount ?? result.affectedRows ?? null,
  }
}

interface Answer {
  rows: unknown[]
  command: string
  count: number | null
}

const nothing: Answer = { rows: [], command: '', count: null }

/** int8, date, time, timestamp, timestamptz, interval, timetz: text, as from a server. Arrays of them follow. */
const asText = Object.fromEntries(
  [20, 1082, 1083, 1114, 1184, 1186, 1266].map((oid) => [oid, (text: string) => text]),
)

/** What would end a server: the machine fails, PostgreSQL gives up and exits, or it says that it must. */
function isBreakdown(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError) return true
  const { name, severity } = error as { name?: unknown; severity?: unknown }
  return name === 'ExitStatus' || severity === 'FATAL' || severity === 'PANIC'
}

/** The server's words about an error, named as postgres.js names them. */
function faultOf(error: unknown): Record<string, unknown> & { message: string } {
  if (!(error instanceof Error)) return { message: String(error) }
  const fields = error as unknown as Record<string, unknown> // PGlite's errors carry more than their type says
  const { code, severity, detail, hint, constraint, table, column, schema } = fields
  return {
    message: error.message,
    code,
    severity,
    detail,
    hint,
    constraint_name: constraint,
    table_name: table,
    column_name: column,
    schema_name: schema,
  }
}
