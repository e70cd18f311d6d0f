import type { Server, ServerWebSocket } from 'bun'
import { AppError } from '../errors.ts'
import { closeCodes } from '../lib/close-codes.ts'
import { announceStreamEnd, type StreamEnd } from './stream-end.ts'

/** A client's end of a WebSocket, as those who talk through it see it. */
export interface TextSocket {
  /** False: the client is slower than we are; say no more before `drained`. */
  send(text: string): boolean
  /** Resolves when the client has room, or is gone. */
  drained(): Promise<void>
  readonly isOpen: boolean
  close(code: number, reason: string): void
}

export interface SocketListener {
  onText(text: string): void
  /** Once, whoever has closed it. */
  onClose(): void
}

interface SocketOptions {
  /** A ping goes out so often; who answers nothing for twice as long is dead. */
  pingSeconds?: number
  /** A client that takes nothing of what it is given for so long is closed. */
  stallSeconds?: number
}

/** What the server hands back for each of its sockets: the framework passes the calls on to the functions of this object. */
interface SocketData {
  open(raw: RawSocket): void
  message(raw: RawSocket, message: string | Buffer): void
  drain(raw: RawSocket): void
  pong(raw: RawSocket): void
  ping(raw: RawSocket): void
  close(raw: RawSocket, code: number, reason: string): void
}

/** The protocol's word for a connection that ended without a closing frame. */
const lost = 1006

type RawSocket = ServerWebSocket<SocketData>

/** For the server that listens. Pings and the dead are our own concern: the server's timer would ask too late. */
export function socketLimits(maxFrameBytes: number) {
  return {
    maxPayloadLength: maxFrameBytes,
    idleTimeout: 0,
    sendPings: false,
    // We say nothing more to a client that is behind, so only what is already on its way counts.
    backpressureLimit: 16 * 1024 * 1024,
    closeOnBackpressureLimit: true,
    perMessageDeflate: false,
  }
}

/**
 * Turns a request into a WebSocket and hands its texts on as they came: the framework's own sockets parse whatever
 * looks like JSON, and do not tell when a client is slow. Throws `invalid_request` where no handshake was sent.
 */
export function openSocket(
  request: Request,
  server: Server<unknown> | null,
  listen: (socket: TextSocket) => SocketListener,
  { pingSeconds = 30, stallSeconds = 120 }: SocketOptions = {},
): Response {
  const ending = Promise.withResolvers<StreamEnd>()
  let listener: SocketListener | null = null
  let raw: RawSocket | null = null
  let bytes = 0
  let lastHeardAt = performance.now()
  /** Since when the client has been behind. */
  let behindSince: number | null = null
  let room: PromiseWithResolvers<void> | null = null
  let timer: Timer | undefined

  const socket: TextSocket = {
    send(text) {
      if (raw === null) return false
      // -1: it waits in our memory; 0: it was dropped, and the connection with it.
      const sent = raw.send(text)
      bytes += Buffer.byteLength(text)
      if (sent <= 0) behindSince ??= performance.now()
      return sent > 0
    },
    drained() {
      if (raw === null || behindSince === null) return Promise.resolve()
      room ??= Promise.withResolvers()
      return room.promise
    },
    get isOpen() {
      return raw !== null
    },
    close: (code, reason) => raw?.close(code, reason),
  }

  const data: SocketData = {
    open(opened) {
      raw = opened
      timer = setInterval(lookAfter, pingSeconds * 1000)
      listener = listen(socket)
      // Closed at once by whoever listens: he is to hear of it like everybody.
      if (!socket.isOpen) listener.onClose()
    },
    message(_, message) {
      hear()
      if (typeof message === 'string') listener?.onText(message)
      else socket.close(closeCodes.notText, 'Frames are JSON text')
    },
    drain() {
      behindSince = null
      room?.resolve()
      room = null
    },
    pong: hear,
    ping: hear,
    close(_, code) {
      raw = null
      clearInterval(timer)
      room?.resolve()
      listener?.onClose()
      ending.resolve({ outcome: code === lost ? 'client_left' : 'complete', bytes })
    },
  }

  function hear(): void {
    lastHeardAt = performance.now()
  }

  /** The dead do not answer, so nothing is said to them and nothing waited for. */
  function lookAfter(): void {
    const now = performance.now()
    if (now - lastHeardAt >= 2 * pingSeconds * 1000) raw?.terminate()
    else if (behindSince !== null && now - behindSince >= stallSeconds * 1000) raw?.terminate()
    else raw?.ping()
  }

  if (server?.upgrade(request, { data }) !== true) {
    throw new AppError('invalid_request', 'This address speaks WebSocket only')
  }
  announceStreamEnd(request, ending.promise)
  return new Response(null, { status: 101 })
}
