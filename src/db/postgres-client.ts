import type { Sql, TransactionSql, UnsafeQueryOptions } from 'postgres'
import { AppError, findAppError } from '../errors.ts'
import { asDependencyDown, isConnectionLost } from './connection-trouble.ts'
import { withDeadline } from './deadline.ts'
import { parameterText } from './parameter-text.ts'
import type { Row, SqlClient, SqlTransaction, Statement } from './sql-client.ts'

/**
 * postgres.js with a time limit on each statement, and with transactions that survive the loss of their
 * connection: the library would send the ROLLBACK over the closed socket, which throws where nobody can catch it
 * and leaves that connection dumb for good. So a lost connection is told nothing more.
 *
 * `onStuck` is called when not even what was cancelled comes back.
 */
export function createPostgresClient(
  currentPool: () => Sql,
  deadlineSeconds: number,
  onStuck: (pool: Sql) => void,
): SqlClient {
  return {
    unsafe(text, params) {
      const pool = currentPool()
      return statement(pool, { pool, lost: false }, text, params)
    },

    async begin(work) {
      const pool = currentPool()
      const link: Link = { pool, lost: false }
      const started = Promise.withResolvers<void>()
      let abandoned = false
      const outcome = inScope(link, work, (body) =>
        pool.begin((sql) => {
          if (abandoned) throw new AppError('dependency_down', 'Nobody waits for this transaction any more')
          started.resolve()
          return body(sql)
        }),
      )
      outcome.catch(started.reject)
      await withDeadline(started.promise, deadlineSeconds, () => {
        abandoned = true
        watch(started.promise, pool)
      })
      return outcome
    },
  }

  function statement(sql: Sql | TransactionSql, link: Link, text: string, params: unknown[] = []): Statement {
    const pending = send(sql, text, params)
    const answer = pending.then(
      (rows) => rows as unknown as Row[], // a RowList is an array with more on it
      (error) => {
        if (isConnectionLost(error)) link.lost = true
        throw asDependencyDown(error)
      },
    )
    const limited = withDeadline(answer, deadlineSeconds, () => cancel(pending, link.pool))
    // postgres.js sends a statement a moment later, so there is still time to ask for arrays.
    const values = () => {
      pending.values()
      return limited as unknown as Promise<unknown[][]> // values() has just made them so
    }
    return Object.assign(limited, { values })
  }

  /** Runs `work` inside what `enter` opens (a transaction, a savepoint), which ends it by what `work` comes to. */
  function inScope<T>(
    link: Link,
    work: (transaction: SqlTransaction) => Promise<T>,
    enter: (body: (sql: TransactionSql) => Promise<T>) => Promise<unknown>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const body = (sql: TransactionSql) =>
        new Promise<T>((complete, undo) => {
          work(transactionOver(sql, link)).then(
            (value) => {
              if (link.lost) return reject(connectionLost())
              complete(value)
              limitEnd()
            },
            (error) => {
              // With the database in trouble nobody should wait for the ROLLBACK too.
              if (link.lost || findAppError(error)?.code === 'dependency_down') reject(error)
              if (link.lost) return
              undo(error)
              limitEnd()
            },
          )
        })
      const end = enter(body)
      end.then(
        (value) => resolve(value as T),
        (error) => {
          if (isConnectionLost(error)) link.lost = true
          reject(asDependencyDown(error))
        },
      )
      const limitEnd = () => withDeadline(end, deadlineSeconds, () => onStuck(link.pool)).catch(reject)
    })
  }

  function transactionOver(sql: TransactionSql, link: Link): SqlTransaction {
    return {
      unsafe(text, params) {
        return link.lost ? refused() : statement(sql, link, text, params)
      },
      async savepoint(work) {
        if (link.lost) throw connectionLost()
        return inScope(link, work, (body) => sql.savepoint(body))
      },
    }
  }

  function cancel(pending: Promise<unknown>, pool: Sql): void {
    watch(pending, pool)
    // Not pending.cancel(): that loses the promise, and a server that is away becomes an unhandled rejection.
    // The types leave it out.
    const { canceller } = pending as unknown as { canceller: (query: typeof pending) => Promise<unknown> }
    canceller(pending).catch(() => {})
  }

  /** What was given up must come back in as much time again, one way or the other. */
  function watch(pending: Promise<unknown>, pool: Sql): void {
    const timer = setTimeout(() => onStuck(pool), deadlineSeconds * 1000)
    pending.catch(() => {}).finally(() => clearTimeout(timer))
  }
}

/**
 * With parameters postgres.js asks the server for their types first, and waits for the answer before it sends them.
 * Ours are text, which needs no types, so all goes out at once: handed over where it keeps what it has converted.
 */
function send(sql: Sql | TransactionSql, text: string, params: unknown[]) {
  if (params.length === 0) return sql.unsafe(text)
  const pending = sql.unsafe(text, [], sendAlone)
  return Object.assign(pending, { parameters: params.map(parameterText) })
}

/** Nothing follows on the connection before the answer: it would wait behind this, and be cancelled in its place. */
const sendAlone = { simple: false, onexecute: () => false } as UnsafeQueryOptions

/** The connection that a transaction lives on. */
interface Link {
  pool: Sql
  lost: boolean
}

function connectionLost(): AppError {
  return new AppError('dependency_down', 'The connection to the database was lost')
}

function refused(): Statement {
  const answer = Promise.reject(connectionLost())
  return Object.assign(answer, { values: () => answer })
}
