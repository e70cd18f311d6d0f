import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql } from 'postgres'
import * as adminTables from './admin-tables.ts'
import * as chatTables from './chat-tables.ts'
import type { Db } from './db.ts'
import * as imageTables from './image-tables.ts'
import * as keyTables from './key-tables.ts'
import * as libraryTables from './library-tables.ts'
import * as modelTables from './model-tables.ts'
import * as tables from './tables.ts'
import * as usageTables from './usage-tables.ts'

export type Row = Record<string, unknown>

/** A statement under way: rows as objects, or, when asked in the same breath, as arrays of columns. */
export interface Statement extends Promise<Row[]> {
  values(): Promise<unknown[][]>
}

/** What drizzle asks of a driver. Both databases answer with the same shapes, so one dialect serves them. */
export interface SqlClient {
  unsafe(text: string, params?: unknown[]): Statement
  begin<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T>
}

export interface SqlTransaction {
  unsafe(text: string, params?: unknown[]): Statement
  savepoint<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T>
}

export function toDb(client: SqlClient): Db {
  // drizzle writes its own converters into these two; ours, set where the values are made, are in force.
  const options = { parsers: {}, serializers: {} }
  return drizzle({
    client: { ...client, options } as unknown as Sql, // drizzle uses only what our client has
    schema: {
      ...tables,
      ...chatTables,
      ...libraryTables,
      ...adminTables,
      ...usageTables,
      ...modelTables,
      ...keyTables,
      ...imageTables,
    },
  })
}
