import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { createId } from '../../lib/ids.ts'

const leaseSeconds = 60

/** A person's only import, on whichever instance. Throws `conflict`; what is returned lets the next one in. */
export async function lockImports({ kv }: Pick<Deps, 'kv'>, userId: number): Promise<() => Promise<void>> {
  const key = `import:${userId}`
  const owner = createId()
  if (!(await kv.setIfAbsent(key, owner, leaseSeconds))) {
    throw new AppError('conflict', 'Another import of yours is under way')
  }
  // A store that is away for a moment costs nothing but the lock: twice imported is once imported.
  const renewing = setInterval(() => kv.expire(key, leaseSeconds).catch(() => {}), (leaseSeconds / 3) * 1000)
  return async () => {
    clearInterval(renewing)
    await kv.deleteIfEquals(key, owner).catch(() => {})
  }
}
