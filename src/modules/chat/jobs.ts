import type { Deps } from '../../deps.ts'
import { deadAfterSeconds } from '../../lib/dead-after.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { dropEndedTurns } from './ended-turns.ts'
import { beat, deleteInstance } from './instance-store.ts'
import { mirrorLogs } from './mirrored-log.ts'
import { keyLifeMs } from './start-turn.ts'
import { stopAllChannel, stopChannel, stopTurnsHere, stopUnwantedTurns } from './stop-turn.ts'
import { forgetKeysBefore } from './store.ts'
import { storeChunks } from './store-chunks.ts'
import { sweepTurns } from './sweep-turns.ts'

/** A process that could not say for so long that it lives stops its turns, before others take them for dead. */
const fenceMs = 8000

/** With the time in which another instance looks for them, its readers are two seconds behind at most. */
const chunksMs = 1500

/**
 * What keeps turns safe: this process says that it lives, keeps what its turns have said, hears who wants one
 * stopped, and ends those of the dead. `isAlone`: no other process shares the database, so whatever is running
 * there at the start is dead.
 */
export async function startChatJobs(deps: Deps, { isAlone }: { isAlone: boolean }): Promise<Loop> {
  let beatAt = performance.now()
  await beat(deps.db, deps.instanceId)
  await sweepTurns(deps, isAlone ? 0 : deadAfterSeconds)

  async function beatAndSweep(): Promise<void> {
    const askedAt = performance.now()
    await beat(deps.db, deps.instanceId)
    beatAt = askedAt
    await sweepTurns(deps)
    dropEndedTurns(deps)
  }

  async function fence(): Promise<void> {
    if (performance.now() - beatAt < fenceMs) return
    for (const turn of deps.turns.values()) turn.stop('interrupted')
  }

  const hearings = [
    deps.kv.subscribe(stopChannel, (id) => deps.turns.get(id)?.stop('stopped')),
    deps.kv.subscribe(stopAllChannel, (userId) => stopTurnsHere(deps, Number(userId))),
  ]
  const { log } = deps
  const loops = [
    startLoop({ name: 'instance', pauseMs: 2000, work: beatAndSweep, log }),
    startLoop({ name: 'fence', pauseMs: 500, work: fence, log }),
    startLoop({ name: 'turn chunks', pauseMs: chunksMs, work: () => storeChunks(deps), log }),
    startLoop({ name: 'turn logs', pauseMs: 100, work: () => mirrorLogs(deps), log }),
    startLoop({ name: 'turn stops', pauseMs: 700, work: () => stopUnwantedTurns(deps), log }),
    startLoop({ name: 'idempotency keys', pauseMs: 600_000, work: () => forgetOldKeys(deps), log }),
  ]
  return {
    async stop(maxWaitMs) {
      for (const stopListening of hearings) stopListening()
      await Promise.all(loops.map((loop) => loop.stop(maxWaitMs)))
      await deleteInstance(deps.db, deps.instanceId).catch(() => {})
    },
  }
}

async function forgetOldKeys({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - keyLifeMs)
  while ((await forgetKeysBefore(db, before, 1000)) === 1000);
}
