/** An event of a stream, as the wire has it. */
export interface WireEvent {
  /** The last one that the stream has named; empty: none yet. */
  id: string
  type: string
  data: string
}

/** Reads server-sent events out of bytes that come in pieces of any size. Each call answers with what is complete. */
export function createEventParser(): (bytes: Uint8Array) => WireEvent[] {
  const decoder = new TextDecoder()
  let line = ''
  let isAfterReturn = false
  let id = ''
  let type = ''
  let data: string[] = []

  return (bytes) => {
    const decoded = decoder.decode(bytes, { stream: true })
    if (decoded === '') return []
    // The other half of a line's end that fell between two pieces.
    const text = isAfterReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded
    isAfterReturn = decoded.endsWith('\r')
    const events: WireEvent[] = []
    const lines = text.split(/\r\n|\n|\r/)
    const unfinished = lines.pop() ?? ''
    for (const end of lines) {
      const event = take(line + end)
      line = ''
      if (event !== null) events.push(event)
    }
    line += unfinished
    return events
  }

  function take(complete: string): WireEvent | null {
    if (complete === '') return dispatch()
    const colon = complete.indexOf(':')
    const name = colon === -1 ? complete : complete.slice(0, colon)
    const value = colon === -1 ? '' : complete.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') data.push(value)
    else if (name === 'event') type = value
    else if (name === 'id' && !value.includes('\0')) id = value
    return null
  }

  function dispatch(): WireEvent | null {
    const event = data.length === 0 ? null : { id, type: type || 'message', data: data.join('\n') }
    type = ''
    data = []
    return event
  }
}
