import { findAppError } from '../errors.ts'

/** Joins what many want done at about the same time into one piece of work. */
export interface Batch<Item, Result> {
  /**
   * Resolves with this item's result. `work` answers in the order of its items. Where it throws, each is tried alone,
   * so that one that cannot be done spoils nothing for the others; but where what the work needs is away
   * (`dependency_down`), all of them reject. While one piece of work is under way the next gathers.
   */
  add(item: Item, work: (items: Item[]) => Promise<Result[]>): Promise<Result>
  /** What gathers waits for no more company. */
  flush(): void
}

interface Waiting<Item, Result> {
  item: Item
  work: (items: Item[]) => Promise<Result[]>
  resolve(result: Result): void
  reject(error: unknown): void
}

/** The first item waits `gatherMs` for company. */
export function createBatch<Item, Result>({
  gatherMs,
  maxItems,
}: {
  gatherMs: number
  maxItems: number
}): Batch<Item, Result> {
  const line: Waiting<Item, Result>[] = []
  let isAtWork = false
  let gathering: Timer | undefined

  function add(item: Item, work: Waiting<Item, Result>['work']): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    line.push({ item, work, resolve, reject })
    if (!isAtWork) {
      isAtWork = true
      gathering = setTimeout(workOff, gatherMs)
    }
    return promise
  }

  function flush(): void {
    if (gathering === undefined) return
    clearTimeout(gathering)
    void workOff()
  }

  async function workOff(): Promise<void> {
    gathering = undefined
    while (line.length > 0) await workOn(line.splice(0, maxItems))
    isAtWork = false
  }

  async function workOn(batch: Waiting<Item, Result>[]): Promise<void> {
    const [first] = batch
    try {
      const results = await first?.work(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results?.[index] as Result)
    } catch (error) {
      const isAway = findAppError(error)?.code === 'dependency_down'
      if (batch.length > 1 && !isAway) for (const alone of batch) await workOn([alone])
      else for (const { reject } of batch) reject(error)
    }
  }

  return { add, flush }
}
