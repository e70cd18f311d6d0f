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
      const frame = JSON.parse(text)
      if (frame.event === 'ok') return true
      frames.push(frame)
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

test('a piece costs at most 50 bytes beyond its text, however many turns speak in turn and however long', async () => {
  await using app = await startApp(embeddedStack, { MAX_TURNS_PER_USER: '0' })
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
  for (let at = 0; at < 20; at++) {
    const conversationId = await createConversation(app.deps, userId)
    app.upstream.play({ text: ['so far'], end: 'hang' })
    turns.push((await startTurn(app.deps, userId, { conversationId, content: 'hello' })).turnId)
  }
  for (const turnId of turns) await follower.follow(userId, turnId, 0, undefined)
  const logs = turns.map((turnId) => app.deps.turns.get(turnId)?.log)
  // As answers of 10,000 pieces would, those with the longest names speaking in turn.
  const [one, other] = logs.slice(-2)
  for (let round = 0; round < 10_000; round++) {
    for (const log of [one, other]) log?.append({ type: 'delta', data: { text: `${round}` } })
    if (round % 100 === 0) await new Promise(setImmediate)
  }
  while (!texts.some((text) => text.includes('"id":10001,'))) await new Promise(setImmediate)
  const deltas = texts.filter((text) => text.includes('"event":"delta"'))
  expect(new Set(deltas.map((text) => JSON.parse(text).turn))).toContain(20)
  for (const text of deltas) {
    const said = JSON.stringify(JSON.parse(text).text)
    expect(Buffer.byteLength(text) - (Buffer.byteLength(said) - 2)).toBeLessThanOrEqual(50)
  }
  for (const turnId of turns) app.deps.turns.get(turnId)?.stop('stopped')
})

test('each turn has a number until it is let go of, told before its first event', async () => {
  await using app = await startApp(embeddedStack)
  const userId = await createPerson(app.deps)
  const frames: { event: string; turn?: number; turn_id?: string; request?: string }[] = []
  const socket: TextSocket = {
    isOpen: true,
    send: (text) => frames.push(JSON.parse(text)) > 0,
    drained: () => Promise.resolve(),
    close() {},
  }
  const follower = createSocketFollower(app.deps, socket)
  const turns: string[] = []
  for (const _ of [1, 2]) {
    const conversationId = await createConversation(app.deps, userId)
    app.upstream.play({ end: 'hang' })
    turns.push((await startTurn(app.deps, userId, { conversationId, content: 'hello' })).turnId)
  }
  const [first = '', second = ''] = turns
  await follower.follow(userId, first, 0, 'a')
  await follower.follow(userId, second, 0, 'b')
  follower.unfollow(first)
  await follower.follow(userId, second, 0, 'c')
  await follower.follow(userId, first, 0, 'd')
  expect(frames.filter(({ event }) => event === 'ok')).toEqual([
    { event: 'ok', request: 'a', turn: 1, turn_id: first },
    { event: 'ok', request: 'b', turn: 2, turn_id: second },
    { event: 'ok', request: 'c', turn: 1, turn_id: second },
    { event: 'ok', request: 'd', turn: 2, turn_id: first },
  ])
  for (const turnId of turns) app.deps.turns.get(turnId)?.stop('stopped')
  await new Promise<void>((resolve) => follower.onIdle(resolve))
  const ends = frames.filter(({ event }) => event === 'done').map(({ turn }) => turn)
  expect(ends.sort()).toEqual([1, 2])
})
