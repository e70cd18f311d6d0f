import type { LogEntry } from '../../../src/modules/chat/events.ts'
import type { TurnReader } from '../../../src/modules/chat/follow-turn.ts'
import { startTurn } from '../../../src/modules/chat/start-turn.ts'
import { startGatedUpstream } from '../../support/gated-upstream.ts'
import type { StartApp } from '../../support/harness.ts'
import { createConversation, createPerson, otherInstance, textOf } from './chat.ts'

export type Two = Awaited<ReturnType<typeof startTwo>>

/** Two instances, `here` and `there`, and a model that says what the test tells it to. */
export async function startTwo(start: StartApp) {
  const upstream = startGatedUpstream()
  const app = await start({ DEEPSEEK_BASE_URL: upstream.url })
  const here = app.deps
  const there = otherInstance(here)
  const userId = await createPerson(here)
  const conversationId = await createConversation(here, userId)
  const { turnId, assistantMessageId } = await startTurn(here, userId, { conversationId, content: 'hello' })
  const answer = await upstream.answer(1)
  return {
    here,
    there,
    userId,
    conversationId,
    turnId,
    assistantMessageId,
    answer,
    upstream,
    /** Until the log of the generating instance has it. */
    async say(text: string) {
      answer.say(text)
      while (!here.turns.get(turnId)?.log.text.endsWith(text)) await Bun.sleep(1)
    },
    async [Symbol.asyncDispose]() {
      for (const turn of here.turns.values()) turn.stop('stopped')
      await Promise.all([...here.turns.values()].map(({ ended }) => ended))
      await app[Symbol.asyncDispose]()
      await upstream.stop()
    },
  }
}

/** So many other answers begin, and have said something. */
export async function speakToo(at: Two, count: number): Promise<void> {
  for (let number = 2; number < 2 + count; number++) {
    const conversationId = await createConversation(at.here, at.userId)
    const { turnId } = await startTurn(at.here, at.userId, { conversationId, content: 'hello' })
    ;(await at.upstream.answer(number)).say('another')
    while (at.here.turns.get(turnId)?.log.text !== 'another') await Bun.sleep(1)
  }
}

/** Reads on until the text is there. */
export async function readUntil(reader: TurnReader, text: string): Promise<LogEntry[]> {
  const read: LogEntry[] = []
  while (!textOf(read).endsWith(text)) {
    const entries = await reader.next()
    if (entries === null) throw new Error(`it ended: ${JSON.stringify(read)}`)
    read.push(...entries)
  }
  return read
}
