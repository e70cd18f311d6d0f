/**
 * Many who ask and read at once: puts the questions that it reads as JSON from stdin, follows each answer to its end,
 * prints `open` when all have begun, and at the end what came as JSON. `bun test/bench/turn-client.ts <questions`
 */
export interface Work {
  port: number
  questions: Question[]
  perSecond: number
  /** How many more follow each answer, on connections of their own. */
  followersEach: number
}

export interface Question {
  path: string
  token: string
  body: unknown
}

export interface TurnTally {
  /** Streams that came to their `done`. */
  whole: number
  broken: number
  deltas: number
  /** For each question, from its request to the first word of its answer. */
  firstWordMs: number[]
  firstFault: string | null
}

interface Stream {
  request: string
  question: Question | null
  askedAt: number
  hasWord: boolean
  isEnded: boolean
  rest: string
}

const work = (await Bun.stdin.json()) as Work
const streamCount = work.questions.length * (1 + work.followersEach)
const followersAtOnce = 10
const tally: TurnTally = { whole: 0, broken: 0, deltas: 0, firstWordMs: [], firstFault: null }
const { promise: allEnded, resolve: endAll } = Promise.withResolvers<void>()
let begun = 0

const startedAt = performance.now()
for (const [index, question] of work.questions.entries()) {
  await Bun.sleep(Math.max(0, startedAt + (index / work.perSecond) * 1000 - performance.now()))
  ask(question)
}
await allEnded
console.log(JSON.stringify(tally))
process.exit(0)

function ask(question: Question): void {
  const body = JSON.stringify(question.body)
  open(
    [
      `POST ${question.path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: Bearer ${question.token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
    question,
  )
}

async function follow(turnId: string, token: string): Promise<void> {
  for (let count = 0; count < work.followersEach; count++) {
    if (count % followersAtOnce === followersAtOnce - 1) await Bun.sleep(20)
    const path = `/api/v1/turns/${turnId}/events`
    open(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`, null)
  }
}

function open(request: string, question: Question | null): void {
  const stream: Stream = { request, question, askedAt: 0, hasWord: false, isEnded: false, rest: '' }
  Bun.connect<Stream>({
    hostname: '127.0.0.1',
    port: work.port,
    data: stream,
    socket: {
      open(socket) {
        stream.askedAt = performance.now()
        socket.write(request)
      },
      data(socket, bytes) {
        read(stream, bytes)
        if (stream.isEnded) socket.end()
      },
      close: () => end(stream, `the connection was closed after ${stream.rest.slice(0, 200)}`),
      error: (_, error) => end(stream, error.message),
    },
  }).catch((error: Error) => end(stream, error.message))
}

function read(stream: Stream, bytes: Buffer): void {
  if (stream.rest === '' && bytes.toString('latin1', 0, 12) === 'HTTP/1.1 200' && ++begun === streamCount) {
    console.log('open')
  }
  stream.rest += bytes.toString('latin1')
  const blocks = stream.rest.split('\n\n')
  stream.rest = blocks.pop() ?? ''
  for (const block of blocks) hear(stream, block)
}

/** One event of ours, or one of the upstream when it is asked itself. */
function hear(stream: Stream, block: string): void {
  if (block.includes('event: delta\n') || block.includes('"delta":{"content"')) {
    tally.deltas++
    if (!stream.hasWord && stream.question) tally.firstWordMs.push(performance.now() - stream.askedAt)
    stream.hasWord = true
  } else if (block.includes('event: start\n') && stream.question) {
    const turnId = /"turn_id":"([^"]+)"/.exec(block)?.[1] ?? ''
    void follow(turnId, stream.question.token)
  } else if (block.includes('event: done\n') || block.includes('data: [DONE]')) end(stream, null)
  else if (block.includes('event: error\n')) end(stream, block)
}

function end(stream: Stream, fault: string | null): void {
  if (stream.isEnded) return
  stream.isEnded = true
  if (fault === null) tally.whole++
  else {
    tally.broken++
    tally.firstFault ??= fault
  }
  if (tally.whole + tally.broken === streamCount) endAll()
}
