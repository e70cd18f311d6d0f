import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { residentMegabytes } from '../bench/process.ts'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
import { startPlentifulUpstream } from '../support/plentiful-upstream.ts'
import { embeddedStack } from '../support/stacks.ts'

setDefaultTimeout(120_000)

const megabytes = 6
const stalled = 40

describe.skipIf(process.platform !== 'linux')('readers who take nothing', () => {
  test('neither hold up the others nor cost memory for what they leave lying', async () => {
    const upstream = startGatedUpstream()
    await using app = await startBinaryOnStack(embeddedStack, {
      upstream: upstream.url,
      env: { MAX_TOKENS_PER_TURN: '0', MAX_READERS_PER_TURN: '0', BUN_JSC_forceRAMSize: '268435456' },
    })
    const person = await registerPerson(app.url)
    const reader = await person.ask(await person.newConversation(), 'hello')
    const turnId = String((await reader.next())?.data.turn_id)
    const answer = await upstream.answer(1)
    // Half of them come at the beginning, half when all has been said.
    const sockets = await Promise.all(Array.from({ length: stalled / 2 }, () => stall(app, person, turnId)))
    const before = residentMegabytes(app.binary.pid)
    const word = 'x'.repeat(65_536)
    for (let count = 0; count < megabytes * 16; count++) {
      answer.say(word)
      // The next one is said when this one is here: whoever is held up waits for ever.
      let length = 0
      while (length < word.length) length += String((await reader.next())?.data.text).length
    }
    sockets.push(
      ...(await Promise.all(Array.from({ length: stalled / 2 }, () => stall(app, person, turnId)))),
    )
    // Whoever comes now is given all of it, whatever lies about for the others.
    const late = await person.follow(turnId)
    await late.until(({ type, data }) => type === 'delta' && (data.text as string).length > 0)
    expect(residentMegabytes(app.binary.pid) - before).toBeLessThan(stalled * megabytes)
    answer.end()
    expect((await late.all()).at(-1)?.type).toBe('done')
    for (const socket of sockets) socket.destroy()
    await upstream.stop()
  })

  test('of /v1 make their model wait, until they leave', async () => {
    const upstream = await startPlentifulUpstream()
    await using app = await startBinaryOnStack(embeddedStack, {
      upstream: upstream.url,
      env: { BUN_JSC_forceRAMSize: '268435456' },
    })
    const person = await registerPerson(app.url)
    const question = { model: 'deepseek-chat', stream: true, messages: [{ role: 'user', content: 'Go on' }] }
    const sockets = await Promise.all(
      Array.from({ length: 5 }, () => stallAt(app, person, 'POST /v1/chat/completions', question)),
    )
    const before = residentMegabytes(app.binary.pid)
    // As much as each of them could have had in the same time.
    const body = JSON.stringify({ ...question, max_tokens: 2000 })
    const lively = await person.fetch('/v1/chat/completions', { method: 'POST', body })
    let bytes = 0
    for await (const chunk of lively.body ?? []) bytes += chunk.length
    expect(bytes).toBeGreaterThan(130_000_000)
    expect(upstream.endless.length).toBe(sockets.length)
    // The system keeps some megabytes on each of the two ways.
    for (const answer of upstream.endless) expect(answer.bytes).toBeLessThan(40_000_000)
    expect(residentMegabytes(app.binary.pid) - before).toBeLessThan(200)
    for (const socket of sockets) socket.destroy()
    await Promise.all(upstream.endless.map(({ left }) => left))
    upstream.stop()
  })
})

/** Follows the turn from its beginning, and takes nothing beyond the first bytes. */
function stall(app: BinaryOnStack, person: ApiPerson, turnId: string): Promise<Socket> {
  return stallAt(app, person, `GET /api/v1/turns/${turnId}/events`)
}

function stallAt(app: BinaryOnStack, person: ApiPerson, what: string, question?: object): Promise<Socket> {
  const body = question === undefined ? '' : JSON.stringify(question)
  return new Promise((resolve, reject) => {
    const socket = connect(app.binary.port, '127.0.0.1', () => {
      socket.write(`${what} HTTP/1.1\r\nHost: x\r\nAuthorization: ${person.authorization}\r\n`)
      socket.write(`Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    })
    socket.once('error', reject)
    socket.once('data', () => resolve(socket.pause()))
  })
}
