import { join } from 'node:path'
import { openLines } from '../support/lines.ts'
import type { Person } from './people.ts'
import { manyConnections } from './programs.ts'
import type { Question, TurnTally, Work } from './turn-client.ts'

export interface TurnLoad {
  /** Resolves when every stream has begun. */
  allOpen: Promise<void>
  /** Resolves when every stream has ended. Rejects when one of them has not come to its proper end. */
  tally: Promise<TurnTally>
}

/** Asks and reads in a process of its own, so that nothing here makes an answer look late. */
export function loadTurns(work: Work): TurnLoad {
  const client = Bun.spawn([...manyConnections, process.execPath, join(import.meta.dir, 'turn-client.ts')], {
    stdin: new Blob([JSON.stringify(work)]),
    stdout: 'pipe',
    stderr: 'inherit',
    timeout: 180_000,
  })
  const opened = Promise.withResolvers<void>()
  opened.promise.catch(() => {})
  const tally = readTally(client.stdout, opened.resolve)
  tally.catch(opened.reject)
  return { allOpen: opened.promise, tally }
}

async function readTally(output: ReadableStream<Uint8Array>, onOpen: () => void): Promise<TurnTally> {
  let last = ''
  const lines = openLines(Promise.resolve(new Response(output)))
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line === 'open') onOpen()
    last = line
  }
  if (!last.startsWith('{')) throw new Error('the streams did not end within three minutes')
  const tally = JSON.parse(last) as TurnTally
  if (tally.broken > 0) throw new Error(`not all streams came to their end: ${last.slice(-500)}`)
  return tally
}

/** One question for each of so many conversations, the people taking turns; `from`: so many were asked already. */
export function questionsOf(people: Person[], count: number, from = 0): Question[] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + index
    const { token, conversationIds } = people[at % people.length] as Person
    const conversationId = conversationIds[Math.floor(at / people.length) % conversationIds.length]
    return {
      token,
      path: `/api/v1/conversations/${conversationId}/messages/stream`,
      body: { content: 'And why is that?' },
    }
  })
}
