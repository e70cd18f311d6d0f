/** An event as a client of the service reads it. */
export interface ReceivedEvent {
  id: number | null
  type: string
  data: Record<string, unknown>
}

/** Reads server-sent events as browsers do. */
export interface EventStream {
  /** The next one; null: the body is at its end. Comments are passed over. */
  next(): Promise<ReceivedEvent | null>
  /** All up to and with the first that fits, or to the end. */
  until(fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent[]>
  all(): Promise<ReceivedEvent[]>
  /** Goes away. */
  leave(): Promise<void>
}

export function readEvents(response: Response): EventStream {
  if (response.body === null) throw new Error(`no body: ${response.status}`)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''

  async function next(): Promise<ReceivedEvent | null> {
    for (;;) {
      const end = rest.indexOf('\n\n')
      if (end >= 0) {
        const event = parse(rest.slice(0, end))
        rest = rest.slice(end + 2)
        if (event !== null) return event
        continue
      }
      const { done, value } = await reader.read()
      if (done) return null
      rest += value
    }
  }

  async function until(fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent[]> {
    const seen: ReceivedEvent[] = []
    for (let event = await next(); event !== null; event = await next()) {
      seen.push(event)
      if (fits(event)) break
    }
    return seen
  }

  return { next, until, all: () => until(() => false), leave: () => reader.cancel() }
}

/** null: nothing but comments or `retry`. */
function parse(block: string): ReceivedEvent | null {
  const fields = new Map(
    block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
  )
  const data = fields.get('data')
  if (data === undefined) return null
  const id = fields.get('id')
  return {
    id: id === undefined ? null : Number(id),
    type: fields.get('event') ?? 'message',
    data: JSON.parse(data),
  }
}
