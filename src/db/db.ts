import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type * as adminTables from './admin-tables.ts'
import type * as chatTables from './chat-tables.ts'
import type * as imageTables from './image-tables.ts'
import type * as keyTables from './key-tables.ts'
import type * as libraryTables from './library-tables.ts'
import type * as modelTables from './model-tables.ts'
import type * as tables from './tables.ts'
import type * as usageTables from './usage-tables.ts'

type Tables = typeof tables &
  typeof chatTables &
  typeof libraryTables &
  typeof adminTables &
  typeof usageTables &
  typeof modelTables &
  typeof keyTables &
  typeof imageTables

/** The database, whichever driver is behind it; a transaction is one too. */
export type Db = PgDatabase<PgQueryResultHKT, Tables>

/** An open database and the way to end it. */
export interface OpenDb {
  db: Db
  /** `embedded`: PostgreSQL inside this process. */
  kind: 'embedded' | 'postgres'
  close(): Promise<void>
}
