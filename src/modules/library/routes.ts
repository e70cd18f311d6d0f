import type { Server } from 'bun'
import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { acceptedType } from '../../http/accept.ts'
import { attachment } from '../../http/attachment.ts'
import { bodyChunks } from '../../http/body-chunks.ts'
import { eventLines } from '../../http/event-lines.ts'
import { sse } from '../../http/sse.ts'
import { streamBody } from '../../http/stream-body.ts'
import { checkId } from '../../lib/check-id.ts'
import { createGate } from '../../lib/gate.ts'
import { createSeats } from '../../lib/seats.ts'
import { authGuard } from '../auth/guard.ts'
import { watchSession } from '../auth/watch-session.ts'
import { beginExport, readScope } from './begin-export.ts'
import { beginImport } from './begin-import.ts'
import { exportFile } from './export-file.ts'
import { type Export, exportConversation, exportLibrary } from './export-library.ts'
import { followImport } from './follow-import.ts'
import { operations } from './operations.ts'
import { viewOfReport } from './report-view.ts'
import { exportQuery, exportsQuery, importQuery } from './schema.ts'

/** More than anybody downloads at once. */
const maxExportsEach = 3
/** What is read of archives at once, in bytes of JSON; as objects it takes a few times as much. */
const gateOptions = { capacity: 24 * 1024 * 1024, maxWaiting: 100 }
/** A client that sends nothing for so long has gone. */
const uploadStallSeconds = 60

/** Who asks, and over which connection. */
interface Asked {
  request: Request
  server: Server<unknown> | null
  user: { id: number }
  sessionId: string
}

/** What somebody has here taken along, and what he had elsewhere brought in. */
export function libraryRoutes(deps: Deps) {
  return new Elysia({ name: 'library' }).use(exportRoutes(deps)).use(importRoutes(deps))
}

function exportRoutes(deps: Deps) {
  const seats = createSeats(maxExportsEach)
  return new Elysia({ name: 'library-export', prefix: '/api/v1' })
    .use(authGuard(deps))
    .get(
      '/conversations/:id/export',
      (asked) => {
        const { params, query, user } = asked
        const id = checkId(params.id)
        return send(asked, () => exportConversation(deps, user.id, id, query.format ?? 'json'))
      },
      { auth: 'user', query: exportQuery, detail: operations.exportConversation },
    )
    .get(
      '/export',
      (asked) => {
        const { query, user } = asked
        const scope = readScope(query)
        return send(asked, () => exportLibrary(deps, user.id, scope, query.format ?? 'json'))
      },
      { auth: 'user', query: exportsQuery, detail: operations.exportLibrary },
    )

  async function send({ request, server, user, sessionId }: Asked, begin: () => Promise<Export>) {
    const leave = await beginExport(deps, seats, user.id)
    const made = await begin().catch((error) => {
      leave()
      throw error
    })
    const file = exportFile(made.pieces, leave)
    server?.timeout(request, 0)
    const body = streamBody(request, file, { whileOpen: () => watchSession(deps, sessionId, file.cut) })
    return new Response(body, { headers: headersOf(made) })
  }
}

function importRoutes(deps: Deps) {
  const gate = createGate(gateOptions)
  return new Elysia({ name: 'library-import', prefix: '/api/v1' }).use(authGuard(deps)).post(
    '/import',
    async ({ request, server, user, sessionId, query }) => {
      const chunks = bodyChunks(request, {
        limitBytes: deps.config.imports.maxBytes,
        stallSeconds: uploadStallSeconds,
      })
      const wish = { isDryRun: query.dry_run === 'true', copiesChanged: query.changed === 'copy' }
      const type = request.headers.get('content-type') ?? ''
      const streamType = acceptedType(request, ['application/x-ndjson', 'text/event-stream'])
      server?.timeout(request, 0)
      const isFollowed = streamType !== null
      const running = await beginImport(deps, user.id, { wish, chunks, gate, type, isFollowed })
      if (streamType !== null) {
        const whileOpen = (end: () => void) => watchSession(deps, sessionId, end)
        const reader = followImport(deps, running)
        return streamType === 'text/event-stream'
          ? sse(request, reader, { whileOpen })
          : eventLines(request, reader, { whileOpen })
      }
      const unwatch = watchSession(deps, sessionId, running.stop)
      request.signal.addEventListener('abort', running.stop, { once: true })
      try {
        return viewOfReport(await running.report)
      } finally {
        unwatch()
      }
    },
    { auth: 'user', parse: 'none', query: importQuery, detail: operations.importLibrary },
  )
}

function headersOf({ fileName, mediaType, size }: Export): Record<string, string> {
  return {
    'content-type': mediaType,
    'content-disposition': attachment(fileName),
    'cache-control': 'no-store, no-transform',
    // A proxy that took it all at once would have us read ahead of the client.
    'x-accel-buffering': 'no',
    'x-total-conversations': String(size.conversations),
    'x-total-messages': String(size.messages),
  }
}
