import type { Server } from 'bun'
import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { acceptedType } from '../../http/accept.ts'
import { jsonBody } from '../../http/body.ts'
import { eventLines } from '../../http/event-lines.ts'
import { sse } from '../../http/sse.ts'
import { checkId } from '../../lib/check-id.ts'
import { authGuard } from '../auth/guard.ts'
import { continueAnswer, editMessage, regenerate, saveEdit } from './answer-again.ts'
import { answerOptions } from './answer-options.ts'
import { awaitAnswer } from './await-answer.ts'
import type { StartedTurn } from './begin-turn.ts'
import { countQuestion } from './count-question.ts'
import { followTurn } from './follow-turn.ts'
import { keepStream } from './keep-stream.ts'
import { maxRequestBytes } from './message-content.ts'
import { operations } from './operations.ts'
import {
  againBody,
  editBody,
  editView,
  resumeHeaders,
  resumeQuery,
  type SendBody,
  type SendHeaders,
  sendBody,
  sendHeaders,
  type TurnView,
  turnView,
} from './schema.ts'
import { startTurn } from './start-turn.ts'
import { stopTurn } from './stop-turn.ts'
import { viewOfQuestion, viewOfTurn } from './turn-view.ts'

const streamTypes = ['text/event-stream', 'application/x-ndjson'] as const

/** Who asks, and over which connection. */
interface Asked {
  request: Request
  server: Server<unknown> | null
  user: { id: number }
  sessionId: string
}

/** Questions and their answers: as one JSON object when they are complete, or event by event. */
export function chatRoutes(deps: Deps) {
  return new Elysia({ name: 'chat', prefix: '/api/v1' })
    .use(jsonBody(maxRequestBytes(deps.config)))
    .use(authGuard(deps))
    .post('/conversations/:id/messages', async (asked) => answerAtOnce(deps, asked, await ask(deps, asked)), {
      auth: 'user',
      body: sendBody,
      headers: sendHeaders,
      response: turnView,
      detail: operations.ask,
    })
    .post(
      '/conversations/:id/messages/stream',
      async (asked) => {
        const type = acceptedType(asked.request, streamTypes) ?? 'text/event-stream'
        return stream(deps, asked, (await ask(deps, asked)).turnId, 0, type)
      },
      { auth: 'user', body: sendBody, headers: sendHeaders, detail: operations.askAsStream },
    )
    .put(
      '/messages/:id',
      async (asked) => {
        const { user, params, body } = asked
        const id = checkId(params.id)
        if (body.answer === false) {
          const { messageId } = await saveEdit(deps, user.id, id, body.content)
          return viewOfQuestion(deps, user.id, messageId)
        }
        await countQuestion(deps, user.id)
        return answer(deps, asked, await editMessage(deps, user.id, id, body.content, answerOptions(body)))
      },
      { auth: 'user', body: editBody, response: editView, detail: operations.editMessage },
    )
    .post(
      '/messages/:id/regenerate',
      async (asked) => {
        const { user, params, body } = asked
        const id = checkId(params.id)
        await countQuestion(deps, user.id)
        return answer(deps, asked, await regenerate(deps, user.id, id, answerOptions(body ?? {})))
      },
      { auth: 'user', body: againBody, response: turnView, detail: operations.regenerate },
    )
    .post(
      '/messages/:id/continue',
      async (asked) => {
        const { user, params, body } = asked
        const id = checkId(params.id)
        await countQuestion(deps, user.id)
        return answer(deps, asked, await continueAnswer(deps, user.id, id, answerOptions(body ?? {})))
      },
      { auth: 'user', body: againBody, response: turnView, detail: operations.continueAnswer },
    )
    .get(
      '/turns/:id/events',
      async (asked) => {
        const { request, params, query, headers } = asked
        // A browser that comes back asks for the same address again, and says in the header how far it got.
        const after = placeOf(headers['last-event-id'] || query.after)
        const type = acceptedType(request, streamTypes) ?? 'text/event-stream'
        return stream(deps, asked, checkId(params.id), after, type)
      },
      { auth: 'user', query: resumeQuery, headers: resumeHeaders, detail: operations.followTurn },
    )
    .delete(
      '/turns/:id',
      async ({ user, params, set }) => {
        await stopTurn(deps, user.id, checkId(params.id))
        set.status = 204
      },
      { auth: 'user', detail: operations.stopTurn },
    )
}

async function ask(
  deps: Deps,
  { user, params, body, headers }: Asked & { params: { id: string }; body: SendBody; headers: SendHeaders },
): Promise<StartedTurn> {
  const conversationId = checkId(params.id)
  await countQuestion(deps, user.id)
  return startTurn(deps, user.id, {
    conversationId,
    content: body.content,
    parentId: body.parent_id,
    idempotencyKey: headers['idempotency-key'],
    ...answerOptions(body),
  })
}

/** As the client likes it. A stream passes by the schema of the answer. */
async function answer(deps: Deps, asked: Asked, started: StartedTurn): Promise<TurnView> {
  const type = acceptedType(asked.request, ['application/json', ...streamTypes])
  if (type === null || type === 'application/json') return answerAtOnce(deps, asked, started)
  return (await stream(deps, asked, started.turnId, 0, type)) as never
}

async function answerAtOnce(
  deps: Deps,
  { request, server, user }: Asked,
  started: StartedTurn,
): Promise<TurnView> {
  server?.timeout(request, 0)
  await awaitAnswer(deps, user.id, started.turnId, request.signal)
  return viewOfTurn(deps, user.id, started)
}

async function stream(
  deps: Deps,
  { request, server, user, sessionId }: Asked,
  turnId: string,
  after: number,
  type: (typeof streamTypes)[number],
): Promise<Response> {
  const reader = await followTurn(deps, user.id, turnId, after)
  server?.timeout(request, 0)
  const isSse = type === 'text/event-stream'
  const whileOpen = (end: () => void) => keepStream(deps, isSse ? 'sse' : 'ndjson', sessionId, end)
  return isSse ? sse(request, reader, { whileOpen }) : eventLines(request, reader, { whileOpen })
}

/** Number of the last event that a client has. Throws `invalid_request` for what is no such number. */
function placeOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError('invalid_request', 'Last-Event-ID is the number of an event')
}
