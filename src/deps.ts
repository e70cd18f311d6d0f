import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import type { Kv } from './kv/kv.ts'
import type { Lifecycle } from './lib/lifecycle.ts'
import type { Log } from './lib/log.ts'
import type { Llm } from './llm/llm.ts'
import type { Mailer } from './mail/mailer.ts'

/** Everything that is made once at the start and handed to whoever needs it. */
export interface Deps {
  config: Config
  db: Db
  kv: Kv
  mailer: Mailer
  llm: Llm
  log: Log
  now: () => Date
  lifecycle: Lifecycle
}
