/** What verifying a hash costs. Hashes of one cost take the same time, whatever password is tried. */
export interface HashCost {
  /** Tells costs apart: `argon2id:m=65536,t=3,p=4`, `bcrypt:12`. */
  name: string
  memoryKib: number
}

/** OWASP's minimum for Argon2id; what every new hash costs. */
export const argon2 = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const
export const currentCost: HashCost = argon2Cost(argon2.algorithm, argon2.memoryCost, argon2.timeCost, 1)

const argon2Form = /^\$(argon2id|argon2i|argon2d)\$(?:v=19\$)?m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$/
const bcryptForm = /^\$2[aby]\$(\d\d)\$/

/** `costOf` in PostgreSQL's words: the part of a hash that tells its cost. */
export const costPrefixPattern =
  '^\\$(?:argon2(?:id|i|d)\\$(?:v=19\\$)?m=[0-9]+,t=[0-9]+,p=[0-9]+|2[aby]\\$[0-9][0-9])\\$'

// Beyond these, one log-in could starve all others: such a hash matches no password.
const mostMemoryKib = 64 * 1024
const mostPasses = 10
const mostLanes = 16
const mostBcryptRounds = 14

/** The cost of a hash, or of its beginning. null: of no known kind, or more costly than anything honest. */
export function costOf(hash: string): HashCost | null {
  const bcrypt = bcryptForm.exec(hash)
  if (bcrypt !== null) return bcryptCost(Number(bcrypt[1]))
  const found = argon2Form.exec(hash)
  if (found === null) return null
  const [memoryKib, passes, lanes] = [Number(found[2]), Number(found[3]), Number(found[4])]
  const isHonest =
    memoryKib <= mostMemoryKib && passes >= 1 && passes <= mostPasses && lanes >= 1 && lanes <= mostLanes
  return isHonest ? argon2Cost(found[1] ?? '', memoryKib, passes, lanes) : null
}

/** Whether a hash is as good as a new one. Lanes make it faster or slower, not stronger. */
export function isUpToDate(hash: string): boolean {
  const cost = costOf(hash)
  return cost !== null && withoutLanes(cost.name) === withoutLanes(currentCost.name)
}

/** A hash of that cost that no password matches: salt and digest are all zeros. */
export function decoyHash({ name }: HashCost): string {
  const [kind, parameters] = name.split(':')
  if (kind === 'bcrypt') return `$2b$${parameters}$${'.'.repeat(53)}`
  return `$${kind}$v=19$${parameters}$${'A'.repeat(22)}$${'A'.repeat(43)}`
}

// Lanes count too: each has a thread of its own.
function argon2Cost(kind: string, memoryKib: number, passes: number, lanes: number): HashCost {
  return { name: `${kind}:m=${memoryKib},t=${passes},p=${lanes}`, memoryKib }
}

function withoutLanes(name: string): string {
  return name.replace(/,p=\d+$/, '')
}

// bcrypt needs no memory to speak of, but a core for as long as the others.
function bcryptCost(rounds: number): HashCost | null {
  if (rounds < 4 || rounds > mostBcryptRounds) return null
  return { name: `bcrypt:${String(rounds).padStart(2, '0')}`, memoryKib: argon2.memoryCost }
}
