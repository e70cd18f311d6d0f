import type { Deps } from '../../deps.ts'
import { argon2, currentCost, type HashCost } from './hash-cost.ts'

type HashingDeps = Pick<Deps, 'hashMemory' | 'log'>

/** What bcrypt looks at; the programs that wrote such hashes cut the rest off without a word. */
const bcryptBytes = 72

/** A hash of today's cost. Waits its turn; throws `dependency_down` when too many wait. */
export function hashPassword({ hashMemory }: HashingDeps, password: string): Promise<string> {
  return hashMemory.run(currentCost.memoryKib, () => Bun.password.hash(password, argon2))
}

/**
 * Whether the password belongs to the hash, which costs `cost`. A damaged hash matches nothing. Waits its turn;
 * throws `dependency_down` when too many wait.
 */
export function verifyHash(
  { hashMemory, log }: HashingDeps,
  password: string,
  hash: string,
  cost: HashCost,
): Promise<boolean> {
  const bytes = Buffer.from(password)
  const seen = cost.name.startsWith('bcrypt') ? bytes.subarray(0, bcryptBytes) : bytes
  return hashMemory.run(cost.memoryKib, async () => {
    try {
      return await Bun.password.verify(seen, hash)
    } catch {
      log.warn({ cost: cost.name }, 'a stored password hash cannot be read')
      return false
    }
  })
}
