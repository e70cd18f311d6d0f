import type { Deps } from '../../deps.ts'
import { createBell } from '../../lib/bell.ts'
import { type Loop, startLoop } from '../../lib/loop.ts'
import { indexTexts } from './index-texts.ts'
import { purgeBin, purgeTemporary } from './store.ts'

const pauseMs = 10 * 60 * 1000
const hourMs = 3600 * 1000
const binHours = 30 * 24
const temporaryHours = 24
/** Few, as each takes its messages along. */
const batchSize = 20

/** Deletes for good what has been in the bin for 30 days, and temporary conversations a day after their last message. */
export function startConversationJobs(deps: Pick<Deps, 'db' | 'now' | 'log'>): Loop {
  return startLoop({ name: 'conversations', pauseMs, work: () => purgeConversations(deps), log: deps.log })
}

export async function purgeConversations({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const ago = (hours: number) => new Date(now().getTime() - hours * hourMs)
  while ((await purgeBin(db, ago(binHours), batchSize)) === batchSize);
  while ((await purgeTemporary(db, ago(temporaryHours), batchSize)) === batchSize);
}

const betweenLooksMs = 60_000
/** Those who are served meanwhile come first. */
const betweenBatchesMs = 50

/** Makes what was written without terms quick to find; until then a search reads it all. */
export function startSearchJobs(deps: Pick<Deps, 'db' | 'log'>): Loop {
  const bell = createBell()
  const work = async () => {
    if (await indexTexts(deps)) return
    await Bun.sleep(betweenBatchesMs)
    bell.ring()
  }
  return startLoop({ name: 'search', pauseMs: betweenLooksMs, bell, work, log: deps.log })
}
