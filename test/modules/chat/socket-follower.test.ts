import { expect, test } from 'bun:test'
import type { TextSocket } from '../../../src/http/web-socket.ts'
import { createSocketFollower } from '../../../src/modules/chat/socket-follower.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { startApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { createConversation, createPerson } from './chat.ts'

/** A client that takes one frame, and the next only when the test lets it. */
function slowSocket() {
  const frames: { event: string; id: number }[] = []
  let room: PromiseWithResolvers<void> | null = null
  const arrived = new Map<number, () => void>()
  const socket: TextSocket = {
    isOpen: true,
    send(text) {
      frames.push(JSON.parse(text))
      room = Promise.withResolvers()
      arrived.get(frames.length)?.()
      return false
    },
    drained: () => room?.promise ?? Promise.resolve(),
    close() {},
  }
  return {
    socket,
    frames,
    takeOne: () => room?.resolve(),
    has: (count: number) =>
      frames.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => void arrived.set(count, resolve)),
  }
}

test('a socket that is slow lags behind: nothing is read for it before it has room', async () => {
  await using app = await startApp(embeddedStack)
  const userId = await createPerson(app.deps)
  const conversationId = await createConversation(app.deps, userId)
  app.upstream.play({ tokens: 30, delayMs: 1 })
  const { turnId } = await startTurn(app.deps, userId, { conversationId, content: 'hello' })
  const slow = slowSocket()
  const follower = createSocketFollower(app.deps, slow.socket)
  await follower.follow(userId, turnId, 0, undefined)
  const turn = app.deps.turns.get(turnId)
  await turn?.ended
  expect(slow.frames.map(({ id }) => id)).toEqual([1])
  for (let count = 2; slow.frames.at(-1)?.event !== 'done'; count++) {
    slow.takeOne()
    await slow.has(count)
  }
  expect(slow.frames.map(({ id }) => id)).toEqual(slow.frames.map((_, at) => at + 1))
  expect(slow.frames).toHaveLength(turn?.log.lastSeq ?? 0)
})

test('a socket follows so many turns and no more; one that is followed again begins anew', async () => {
  await using app = await startApp(embeddedStack, { MAX_TURNS_PER_USER: '0' })
  const userId = await createPerson(app.deps)
  const follower = createSocketFollower(app.deps, slowSocket().socket)
  const turns: string[] = []
  for (let at = 0; at < 21; at++) {
    const conversationId = await createConversation(app.deps, userId)
    app.upstream.play({ end: 'hang' })
    turns.push((await startTurn(app.deps, userId, { conversationId, content: 'hello' })).turnId)
  }
  const [first = '', ...others] = turns
  const last = others.pop() ?? ''
  for (const turnId of [first, ...others, first]) await follower.follow(userId, turnId, 0, undefined)
  expect(app.deps.turns.get(first)?.readers).toBe(1)
  await expect(follower.follow(userId, last, 0, undefined)).rejects.toMatchObject({
    code: 'too_many_readers',
  })
  let isIdle = false
  follower.onIdle(() => {
    isIdle = true
  })
  for (const turnId of [first, ...others]) {
    expect(isIdle).toBe(false)
    follower.unfollow(turnId)
  }
  expect(isIdle).toBe(true)
  for (const turnId of turns) {
    expect(app.deps.turns.get(turnId)?.readers).toBe(0)
    app.deps.turns.get(turnId)?.stop('stopped')
  }
})

test('a piece costs at most 50 bytes beyond its text; a frame names its turn where it is another than before', async () => {
  await using app = await startApp(embeddedStack)
  const userId = await createPerson(app.deps)
  const texts: string[] = []
  const socket: TextSocket = {
    isOpen: true,
    send: (text) => texts.push(text) > 0,
    drained: () => Promise.resolve(),
    close() {},
  }
  const follower = createSocketFollower(app.deps, socket)
  const turns: string[] = []
  for (const _ of [1, 2]) {
    const conversationId = await createConversation(app.deps, userId)
    app.upstream.play({ tokens: 300, delayMs: 0 })
    const { turnId } = await startTurn(app.deps, userId, { conversationId, content: 'hello' })
    await app.deps.turns.get(turnId)?.ended
    turns.push(turnId)
  }
  const [first = '', second = ''] = turns
  for (const turnId of [first, second, first]) {
    await follower.follow(userId, turnId, 0, undefined)
    await new Promise<void>((resolve) => follower.onIdle(resolve))
  }
  const named = texts.map((text) => JSON.parse(text)).filter((frame) => frame.turn_id !== undefined)
  expect(named.map((frame) => [frame.turn_id, frame.event])).toEqual([
    [first, 'start'],
    [second, 'start'],
    [first, 'start'],
  ])
  const deltas = texts.filter((text) => text.includes('"event":"delta"'))
  expect(deltas.length).toBeGreaterThan(2)
  for (const text of deltas) {
    const said = JSON.stringify(JSON.parse(text).data.text)
    expect(Buffer.byteLength(text) - (Buffer.byteLength(said) - 2)).toBeLessThanOrEqual(50)
  }
})
