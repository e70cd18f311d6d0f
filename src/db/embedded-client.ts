import { withDeadline } from './deadline.ts'
import type { RowMode } from './embedded-protocol.ts'
import type { Thread } from './embedded-thread.ts'
import type { Row, SqlClient, SqlTransaction, Statement } from './sql-client.ts'

/**
 * Statements and transactions over the one connection that the embedded database has: each waits for its turn,
 * and a transaction keeps the turn to its end. The wait counts into the time limit; a statement that is late
 * goes on in the worker and holds up those behind it, but nobody waits for it any more.
 */
export function createEmbeddedClient(thread: Thread, deadlineSeconds: number): SqlClient {
  let lastTurn: Promise<void> = Promise.resolve()

  return {
    unsafe(text, params = []) {
      let late = false
      const run = async (rowMode: RowMode) => {
        const done = await takeTurn()
        try {
          // What was given up in the queue has not happened, and must not happen now.
          return late ? [] : await thread.query(text, params, rowMode)
        } finally {
          done()
        }
      }
      return statement((rowMode) =>
        withDeadline(run(rowMode), deadlineSeconds, () => {
          late = true
        }),
      )
    },

    async begin(work) {
      const turn = takeTurn()
      const done = await withDeadline(turn, deadlineSeconds, () => turn.then((done) => done()))
      try {
        await inTime('begin')
        const value = await work(transaction())
        const { command } = await inTime('commit')
        if (command === 'ROLLBACK') throw new Error('A statement that failed has undone this transaction')
        done()
        return value
      } catch (error) {
        // It runs after whatever is still under way, and only then comes the next in line.
        thread
          .query('rollback', [], 'object')
          .catch(() => {})
          .finally(done)
        throw error
      }
    },
  }

  /** Resolves when all before are done, to what says that one is done oneself. */
  function takeTurn(): Promise<() => void> {
    const before = lastTurn
    const mine = Promise.withResolvers<void>()
    lastTurn = mine.promise
    return before.then(() => mine.resolve)
  }

  function inTime(text: string, params: unknown[] = [], rowMode: RowMode = 'object') {
    return withDeadline(thread.query(text, params, rowMode), deadlineSeconds)
  }

  function transaction(depth = 1): SqlTransaction {
    return {
      unsafe: (text, params) => statement((rowMode) => inTime(text, params, rowMode)),
      async savepoint(work) {
        const name = `level_${depth}`
        await inTime(`savepoint ${name}`)
        try {
          const value = await work(transaction(depth + 1))
          await inTime(`release savepoint ${name}`)
          return value
        } catch (error) {
          thread.query(`rollback to savepoint ${name}`, [], 'object').catch(() => {})
          throw error
        }
      },
    }
  }
}

/** Starts a moment later, so that there is time to ask for arrays. */
function statement(run: (rowMode: RowMode) => Promise<Row[]>): Statement {
  let rowMode: RowMode = 'object'
  const answer = Promise.resolve().then(() => run(rowMode))
  const values = () => {
    rowMode = 'array'
    return answer as Promise<unknown> as Promise<unknown[][]>
  }
  return Object.assign(answer, { values })
}
