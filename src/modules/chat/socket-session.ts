import type { Deps } from '../../deps.ts'
import { AppError, findAppError } from '../../errors.ts'
import type { SocketListener, TextSocket } from '../../http/web-socket.ts'
import { checkId } from '../../lib/check-id.ts'
import { closeCodes } from '../../lib/close-codes.ts'
import { describeError } from '../../lib/describe-error.ts'
import { problemOf } from '../../lib/problem.ts'
import { countApiHit } from '../auth/api-limits.ts'
import { type Credential, resolveToken } from '../auth/resolve-credential.ts'
import { resolveSession } from '../auth/resolve-session.ts'
import { watchSession } from '../auth/watch-session.ts'
import { answerOptions } from './answer-options.ts'
import { countQuestion } from './count-question.ts'
import type { ClientFrame } from './schema.ts'
import { createSocketFollower } from './socket-follower.ts'
import type { SocketSeats } from './socket-seats.ts'
import { startTurn } from './start-turn.ts'
import { stopTurn } from './stop-turn.ts'

/** What a client wrote: `id` is its own name for it, by which it knows our answer. */
export interface ReadFrame {
  id: string | undefined
  /** An error: it cannot be understood. */
  frame: ClientFrame | AppError
}

export interface SocketOptions {
  socket: TextSocket
  seats: SocketSeats
  /** Who opened it; null: nobody that we know. */
  credential: Credential | null
  /** Whether he may still say in his first frame who he is. */
  mayLogIn: boolean
  readFrame(text: string): ReadFrame
  authSeconds?: number
}

/** Frames that wait for those before them to be done with, and characters in them. */
const maxWaiting = 64
const maxWaitingLength = 1_000_000

/** Frames in a row that were too many: who goes on regardless is not worth an answer to each. */
const maxInVain = 50

/**
 * Serves one socket: each frame passes the same checks as a request would, one after the other. A frame that is
 * refused gets an `error` and costs the socket nothing else; whatever is followed goes on beside it.
 */
export function serveSocket(deps: Deps, options: SocketOptions): SocketListener {
  const { socket, seats, readFrame, authSeconds = 10 } = options
  const follower = createSocketFollower(deps, socket)
  const inbox: string[] = []
  let inboxLength = 0
  /** To be called when the socket is closed. */
  const undo: (() => void)[] = [follower.close]
  let owner: Credential | null = null
  let isReading = false
  let inVain = 0

  undo.push(deps.lifecycle.onDraining(() => follower.onIdle(sayGoodbye)))
  /** Frames wait for it. */
  const entered = options.credential === null ? Promise.resolve() : enter(options.credential)
  entered.catch((error) => refuse(error, undefined))
  if (options.credential === null && options.mayLogIn) awaitAuth()
  else if (options.credential === null)
    socket.close(closeCodes.unauthenticated, 'This ticket is not valid any more')

  function onText(text: string): void {
    inbox.push(text)
    inboxLength += text.length
    if (inbox.length > maxWaiting || (inbox.length > 1 && inboxLength > maxWaitingLength)) {
      socket.close(closeCodes.tooMany, 'Too many frames at once')
    }
    if (!isReading) void readInbox()
  }

  async function readInbox(): Promise<void> {
    isReading = true
    for (let text = inbox.shift(); text !== undefined && socket.isOpen; text = inbox.shift()) {
      inboxLength -= text.length
      await answer(readFrame(text))
      await socket.drained()
    }
    isReading = false
  }

  async function answer({ id, frame }: ReadFrame): Promise<void> {
    try {
      await entered
      if (!socket.isOpen) return
      if (owner === null) return await authenticate(frame)
      await admit(owner)
      inVain = 0
      if (frame instanceof AppError) throw frame
      await act(frame, owner.user.id)
    } catch (error) {
      refuse(error, id)
    }
  }

  async function authenticate(frame: ReadFrame['frame']): Promise<void> {
    if (frame instanceof AppError || frame.type !== 'auth') {
      return socket.close(closeCodes.badFrame, 'The first frame must be {"type":"auth","token":…}')
    }
    const credential = await resolveToken(deps, { cookie: null, bearer: frame.token })
    if (credential === null) return socket.close(closeCodes.unauthenticated, 'This token is not valid')
    await enter(credential)
  }

  function awaitAuth(): void {
    const timer = setTimeout(() => {
      if (owner === null) socket.close(closeCodes.unauthenticated, 'Nobody has logged in')
    }, authSeconds * 1000)
    undo.push(() => clearTimeout(timer))
  }

  async function enter(credential: Credential): Promise<void> {
    const leaveSeat = await seats.take(credential.user.id)
    if (leaveSeat === null) return socket.close(closeCodes.tooMany, 'Too many sockets are open')
    if (!socket.isOpen) return leaveSeat()
    owner = credential
    undo.push(leaveSeat, watchSession(deps, credential.sessionId, expel), deps.metrics.socketOpened())
    say({ event: 'ready' })
  }

  function expel(): void {
    socket.close(closeCodes.unauthenticated, 'The session has ended')
  }

  function sayGoodbye(): void {
    socket.close(closeCodes.goingAway, 'The service is restarting')
  }

  /** As the guard of a request. */
  async function admit({ sessionId, user }: Credential): Promise<void> {
    if ((await resolveSession(deps, sessionId)) === null) {
      expel()
      throw new AppError('unauthenticated', 'The session has ended')
    }
    await countApiHit(deps, user.id)
  }

  async function act(frame: ClientFrame, userId: number): Promise<void> {
    switch (frame.type) {
      case 'ping':
        return say({ event: 'pong', request: frame.id })
      case 'send':
        return send(frame, userId)
      case 'stop':
        await stopTurn(deps, userId, checkId(frame.turn_id))
        return say({ event: 'ok', request: frame.id })
      case 'follow':
        return follower.follow(userId, checkId(frame.turn_id), frame.after ?? 0, frame.id)
      case 'unfollow':
        follower.unfollow(checkId(frame.turn_id))
        return say({ event: 'ok', request: frame.id })
      case 'auth':
        throw new AppError('invalid_request', 'This socket knows already whose it is')
    }
  }

  async function send(frame: Extract<ClientFrame, { type: 'send' }>, userId: number): Promise<void> {
    await countQuestion(deps, userId)
    const { turnId } = await startTurn(deps, userId, {
      conversationId: frame.conversation_id,
      content: frame.content,
      parentId: frame.parent_id,
      idempotencyKey: frame.idempotency_key,
      ...answerOptions(frame),
    })
    await follower.follow(userId, turnId, 0, frame.id)
  }

  function refuse(thrown: unknown, request: string | undefined): void {
    const known = findAppError(thrown)
    if (known === null) deps.log.error({ error: describeError(thrown) }, 'a frame could not be answered')
    const error = known ?? new AppError('internal', 'Something went wrong')
    if (error.code === 'rate_limited' && ++inVain > maxInVain) {
      socket.close(closeCodes.tooMany, 'Too many frames')
    } else if (owner !== null) {
      say({ event: 'error', request, retry_after: error.retryAfterSeconds, data: problemOf(error) })
    } else if (error.code === 'unauthenticated' || error.code === 'token_expired') {
      socket.close(closeCodes.unauthenticated, error.message)
    } else socket.close(closeCodes.tryLater, error.message)
  }

  function say(message: object): void {
    socket.send(JSON.stringify(message))
  }

  function onClose(): void {
    inbox.length = 0
    for (const take of undo) take()
  }

  return { onText, onClose }
}
