import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createApp } from '../../../src/app.ts'
import { startChatJobs } from '../../../src/modules/chat/jobs.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { startGatedUpstream } from '../../support/gated-upstream.ts'
import { describeOnBothStacks, type StartApp } from '../../support/harness.ts'
import { createAsker } from './asker.ts'
import { createConversation, otherInstance } from './chat.ts'

/** Turns that are followed while they run, and readers of each: as many cases as the product. */
const turnCount = 8
const readerCount = 125

const piecesOfAnswer = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), {
  minLength: 25,
  maxLength: 40,
})
/** After so many bytes a reader is cut off; then he comes back. */
const cutsOfReader = fc.array(fc.nat(700), { maxLength: 6 })

/** An instance with one that shares database and store with it, both listening, and a model that waits for the test. */
async function setUp(start: StartApp) {
  const upstream = startGatedUpstream()
  const app = await start({
    DEEPSEEK_BASE_URL: upstream.url,
    MAX_READERS_PER_TURN: '0',
    LIMIT_API_USER: '0',
    LIMIT_SEND_USER: '0',
  })
  const jobs = await startChatJobs(app.deps, { isAlone: false })
  const ann = await createAsker(app)
  const others: ReturnType<typeof listen>[] = []
  let asked = 0

  function listen() {
    const other = createApp(otherInstance(app.deps)).listen({ hostname: '127.0.0.1', port: 0 })
    return { url: `http://127.0.0.1:${other.server?.port}`, stop: () => other.stop(true) }
  }

  return {
    app,
    isShared: app.deps.kv.state() !== 'embedded',
    /** Another instance, which has seen nothing yet. */
    another() {
      const other = listen()
      others.push(other)
      return other.url
    },
    /** Begins a turn; `speak` says an answer to its end, each piece when the one before is in the log. */
    async begin() {
      const conversationId = await createConversation(app.deps, ann.userId)
      const { turnId } = await startTurn(app.deps, ann.userId, { conversationId, content: 'hello' })
      const turn = app.deps.turns.get(turnId)
      if (turn === undefined) throw new Error('it does not run here')
      const answer = await upstream.answer(++asked)
      async function speak(pieces: string[]): Promise<void> {
        for (const piece of pieces) {
          const heard = new Promise<void>((resolve) => turn?.log.onGrowth(resolve))
          answer.say(piece)
          await heard
        }
        answer.end()
        await turn?.ended
      }
      return { turnId, live: turn, log: turn.log, speak }
    },
    follow: (origin: string, turnId: string, last: string | null) =>
      fetch(`${origin}/api/v1/turns/${turnId}/events`, {
        headers: { cookie: ann.cookie, ...(last === null ? {} : { 'last-event-id': last }) },
      }),
    async [Symbol.asyncDispose]() {
      await jobs.stop()
      await Promise.all(others.map((other) => other.stop()))
      await app[Symbol.asyncDispose]()
      await upstream.stop()
    },
  }
}

type At = Awaited<ReturnType<typeof setUp>>

describeOnBothStacks('however often readers are cut off', (start) => {
  test('the bytes that they have are those of the whole log, from this instance and from another', async () => {
    await using at = await setUp(start)
    const origins = [at.app.url, at.another()]
    for (const pieces of fc.sample(piecesOfAnswer, turnCount)) {
      const turn = await at.begin()
      const cases = fc.sample(cutsOfReader, readerCount)
      const reading = cases.map((cuts, index) => {
        const origin = origins[index % 2] as string
        return readWithCuts(at, origin, turn.turnId, cuts).then((events) => ({ origin, events }))
      })
      await turn.speak(pieces.map((piece) => piece.replaceAll('\0', '') || 'x'))
      const whole = (turn.log.after(0) ?? []).map(
        ({ seq, type, data }) => `id: ${seq}\nevent: ${type}\ndata: ${data}\n\n`,
      )
      for (const { origin, events } of await Promise.all(reading)) {
        if (origin === at.app.url || at.isShared) expect(events).toEqual(whole)
        // What is kept every two seconds comes in larger pieces, under fewer numbers.
        else expect(shown(events)).toBe(turn.log.text)
      }
    }
  })

  test('a log that nobody has any more is a snapshot under its last number, and the end', async () => {
    await using at = await setUp(start)
    const turn = await at.begin()
    await turn.speak(['one', ' two', ' three'])
    while (at.isShared && turn.live.mirroredSeq < turn.log.lastSeq) await Bun.sleep(1)
    await at.app.deps.kv.delete(`turn:${turn.turnId}:log`)
    // As where the model has a price.
    await at.app.deps.db.execute("update messages set cost_micros = 1500 where role = 'assistant'")
    const usage = (turn.log.after(0)?.at(-2)?.data ?? '').replace('"cost":null', '"cost":0.0015')
    const whole = turn.log.after(0) ?? []
    const end = whole.length
    // Of what the end was before, the last numbers are known: whoever has them lacks only the rest.
    for (const last of [null, '0', '1', String(end - 3), String(end + 7)]) {
      const origin = at.another()
      const [first = '', ...rest] = await readToEnd(await at.follow(origin, turn.turnId, last), null)
      expect(first).toBe(`id: ${end - 2}\nevent: snapshot\ndata: {"text":"one two three","reasoning":""}\n\n`)
      expect(rest).toEqual([
        `id: ${end - 1}\nevent: usage\ndata: ${usage}\n\n`,
        `id: ${end}\nevent: done\ndata: {"finish_reason":"stop"}\n\n`,
      ])
    }
    const afterAll = await readToEnd(await at.follow(at.another(), turn.turnId, String(end)), null)
    expect(afterAll).toEqual([])
  })
})

/** Comes back with the number of the last event that it has as a whole. */
async function readWithCuts(at: At, origin: string, turnId: string, cuts: number[]): Promise<string[]> {
  const events: string[] = []
  for (const cut of [...cuts, null]) {
    const last = events.length === 0 ? null : numberOf(events.at(-1))
    events.push(...(await readToEnd(await at.follow(origin, turnId, last), cut)))
    if (/^event: (done|error)$/m.test(events.at(-1) ?? '')) break
  }
  return events
}

/** The whole events of a body, as they came over the wire; it is left after so many bytes. */
async function readToEnd(response: Response, cut: number | null): Promise<string[]> {
  expect(response.status).toBe(200)
  let bytes = Buffer.alloc(0)
  for await (const piece of response.body ?? []) {
    bytes = Buffer.concat([bytes, piece])
    if (cut !== null && bytes.length > cut) break
  }
  const blocks = bytes
    .subarray(0, cut ?? bytes.length)
    .toString('latin1')
    .split('\n\n')
  // The last has not come to its end. Comments and `retry` are no events.
  return blocks
    .slice(0, -1)
    .filter((block) => block.startsWith('id: '))
    .map((block) => `${Buffer.from(block, 'latin1').toString()}\n\n`)
}

function numberOf(event = ''): string {
  return /^id: (\d+)$/m.exec(event)?.[1] ?? ''
}

/** What a client shows after these events. */
function shown(events: string[]): string {
  let text = ''
  for (const event of events) {
    // Not by `.`: JSON leaves line separators of Unicode as they are, and it stops there.
    const [, type, json = ''] = /^event: (\w+)\ndata: ([^\n]+)$/m.exec(event) ?? []
    if (type === 'delta') text += JSON.parse(json).text
    if (type === 'snapshot') text = JSON.parse(json).text
  }
  return text
}
