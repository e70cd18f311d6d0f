import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { residentMegabytes } from '../bench/process.ts'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { type BinaryOnStack, startBinaryOnStack } from '../support/binary-on-stack.ts'
import { startGatedUpstream } from '../support/gated-upstream.ts'
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
})

/** Follows the turn from its beginning, and takes nothing beyond the first bytes. */
function stall(app: BinaryOnStack, person: ApiPerson, turnId: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(app.binary.port, '127.0.0.1', () => {
      socket.write(
        `GET /api/v1/turns/${turnId}/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${person.authorization}\r\n\r\n`,
      )
    })
    socket.once('error', reject)
    socket.once('data', () => resolve(socket.pause()))
  })
}
