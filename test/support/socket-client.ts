/** A WebSocket as a test reads it: frame after frame. */
export interface SocketClient {
  /** The next frame, parsed. Rejects when the socket closes first. */
  next(): Promise<Frame>
  /** Reads on until a frame that fits. */
  until(fits: (frame: Frame) => boolean): Promise<Frame[]>
  send(frame: unknown): void
  sendRaw(data: string | Uint8Array<ArrayBuffer>): void
  close(): void
  closed: Promise<{ code: number; reason: string }>
  /** All frames so far as they came. */
  heard: unknown[]
}

export interface Frame {
  event: string
  /** Number of the turn on this socket. */
  turn?: number
  /** The turn that the number stands for. */
  turn_id?: string
  id?: number
  request?: string
  retry_after?: number
  /** Of an event: its own fields, wherever they stood. */
  data?: Record<string, unknown>
}

/** Resolves when the handshake is done. Rejects when it is refused. */
export async function openSocketClient(
  url: string,
  headers: Record<string, string> = {},
): Promise<SocketClient> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers } as never)
  const frames: Frame[] = []
  let wake: (() => void) | null = null
  let isClosed = false
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => {
      isClosed = true
      wake?.()
      resolve({ code, reason })
    })
  })
  const turnIds = new Map<number, string>()
  const heard: unknown[] = []
  socket.addEventListener('message', ({ data }) => {
    heard.push(JSON.parse(data))
    frames.push(readFrame(JSON.parse(data)))
    wake?.()
  })

  function readFrame(frame: Frame & Record<string, unknown>): Frame {
    const { event, turn, id, request, retry_after, data, ...fields } = frame
    if (event === 'ok' && turn !== undefined) turnIds.set(turn, String(fields.turn_id))
    const turn_id = turn === undefined ? undefined : turnIds.get(turn)
    const isEvent = id !== undefined || data !== undefined
    return { event, turn, turn_id, id, request, retry_after, data: isEvent ? (data ?? fields) : undefined }
  }

  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('the handshake was refused')))
  })

  async function next(): Promise<Frame> {
    for (;;) {
      const frame = frames.shift()
      if (frame !== undefined) return frame
      if (isClosed) throw new Error(`closed: ${JSON.stringify(await closed)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  async function until(fits: (frame: Frame) => boolean): Promise<Frame[]> {
    const seen: Frame[] = []
    for (;;) {
      const frame = await next()
      seen.push(frame)
      if (fits(frame)) return seen
    }
  }

  return {
    next,
    until,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data) => socket.send(data),
    close: () => socket.close(),
    closed,
    heard,
  }
}
