import { AppError } from '../errors.ts'

/** Lets work in as far as its weights fit together; the rest waits in line. */
export interface Gate {
  /**
   * Runs `work` once there is room for `weight`. What weighs more than the capacity runs alone.
   * Throws `dependency_down`, without waiting, when too many wait already.
   */
  run<T>(weight: number, work: () => Promise<T>): Promise<T>
}

export interface GateOptions {
  capacity: number
  maxWaiting: number
}

interface Waiting {
  weight: number
  enter: () => void
}

export function createGate({ capacity, maxWaiting }: GateOptions): Gate {
  const line: Waiting[] = []
  let inside = 0

  async function run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    const room = Math.min(weight, capacity)
    await enter(room)
    try {
      return await work()
    } finally {
      inside -= room
      letIn()
    }
  }

  function enter(weight: number): Promise<void> {
    if (line.length >= maxWaiting) {
      throw new AppError('dependency_down', 'Too busy, try again in a moment', { retryAfterSeconds: 2 })
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    line.push({ weight, enter: resolve })
    letIn()
    return promise
  }

  // Strictly in turn: something heavy at the head of the line is not overtaken for ever by what is light.
  function letIn(): void {
    for (let next = line[0]; next !== undefined && inside + next.weight <= capacity; next = line[0]) {
      line.shift()
      inside += next.weight
      next.enter()
    }
  }

  return { run }
}
