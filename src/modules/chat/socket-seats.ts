import type { Deps } from '../../deps.ts'

/** A socket's place among those of its person, on whatever instance they are. */
export interface SocketSeats {
  /** What gives the seat back; further calls do nothing. null: all are taken. */
  take(userId: number): Promise<(() => void) | null>
}

/** What an instance that was killed has left behind is free again after that. */
const seatSeconds = 30

/** `perPerson`: null for any number. While the shared store is away each instance counts for itself. */
export function createSocketSeats(
  { kv }: Pick<Deps, 'kv'>,
  perPerson: number | null,
  renewMs = (seatSeconds * 1000) / 3,
): SocketSeats {
  async function take(userId: number): Promise<(() => void) | null> {
    if (perPerson === null) return () => {}
    const mine = crypto.randomUUID()
    for (let number = 1; number <= perPerson; number++) {
      const key = `socket:${userId}:${number}`
      if (await kv.setIfAbsent(key, mine, seatSeconds)) return keep(key, mine)
    }
    return null
  }

  function keep(key: string, mine: string): () => void {
    let isBack = false
    const timer = setInterval(renew, renewMs)

    /** A store that has lost the seat is told of it again. */
    async function renew(): Promise<void> {
      if (await kv.expire(key, seatSeconds)) return
      await kv.setIfAbsent(key, mine, seatSeconds)
      if (isBack) await kv.deleteIfEquals(key, mine)
    }

    return () => {
      if (isBack) return
      isBack = true
      clearInterval(timer)
      void kv.deleteIfEquals(key, mine)
    }
  }

  return { take }
}
