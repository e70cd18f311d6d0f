/**
 * Many visitors at once: opens COUNT chats, reads each to its end, and prints what came as JSON.
 * `bun test/bench/stream-client.ts PORT COUNT JSON-BODY`
 */
const [port, count, body = '{}'] = process.argv.slice(2)
const openedAtOnce = 50
const pauseMs = 50
const closeBrace = 0x7d
const newline = 0x0a
const lastChunk = Buffer.from('0\r\n\r\n')
const question = [
  'POST /deepseek_chat HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  `Content-Length: ${Buffer.byteLength(body)}`,
  '',
  body,
].join('\r\n')

export interface Tally {
  /** Streams that came to their proper end. */
  whole: number
  broken: number
  /** Lines of all streams that hold a JSON object: one a token. */
  tokens: number
  /** The most streams that had begun and not ended at one moment. */
  openAtOnce: number
  firstFault: string | null
}

interface Stream {
  begun: boolean
  ended: boolean
  lastByte: number
  /** The end of what came: the last chunk may arrive in pieces. */
  tail: Buffer
}

const tally: Tally = { whole: 0, broken: 0, tokens: 0, openAtOnce: 0, firstFault: null }
let open = 0
const { promise: allEnded, resolve: endAll } = Promise.withResolvers<void>()

for (let opened = 0; opened < Number(count); opened++) {
  if (opened % openedAtOnce === openedAtOnce - 1) await Bun.sleep(pauseMs)
  openStream()
}
await allEnded
console.log(JSON.stringify(tally))
process.exit(0)

function openStream(): void {
  Bun.connect<Stream>({
    hostname: '127.0.0.1',
    port: Number(port),
    data: { begun: false, ended: false, lastByte: 0, tail: Buffer.alloc(0) },
    socket: {
      open: (socket) => void socket.write(question),
      data: (socket, bytes) => {
        read(socket.data, bytes)
        if (socket.data.ended) socket.end()
      },
      close: (socket) => end(socket.data, 'the connection was closed'),
      error: (socket, error) => end(socket.data, error.message),
    },
  }).catch((error: Error) => end({ begun: false, ended: false, lastByte: 0, tail: lastChunk }, error.message))
}

function read(stream: Stream, bytes: Buffer): void {
  if (!stream.begun) begin(stream, bytes)
  tally.tokens += linesIn(stream, bytes)
  stream.tail = Buffer.concat([stream.tail, bytes.subarray(-lastChunk.length)]).subarray(-lastChunk.length)
  if (stream.tail.equals(lastChunk)) end(stream, null)
}

function begin(stream: Stream, bytes: Buffer): void {
  stream.begun = true
  tally.openAtOnce = Math.max(tally.openAtOnce, ++open)
  const statusLine = bytes.toString('latin1', 0, bytes.indexOf('\r\n'))
  if (!statusLine.includes(' 200 ')) end(stream, statusLine)
}

/** A line of JSON ends with `}\n`; chunk sizes and empty lines do not. */
function linesIn(stream: Stream, bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) {
    if ((at === 0 ? stream.lastByte : bytes[at - 1]) === closeBrace) lines++
  }
  stream.lastByte = bytes.at(-1) ?? stream.lastByte
  return lines
}

function end(stream: Stream, fault: string | null): void {
  if (stream.ended) return
  stream.ended = true
  if (stream.begun) open--
  if (fault === null) tally.whole++
  else {
    tally.broken++
    tally.firstFault ??= fault
  }
  if (tally.whole + tally.broken === Number(count)) endAll()
}
