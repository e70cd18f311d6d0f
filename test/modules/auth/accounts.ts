import { openBlobs } from '../../../src/blobs/open-blobs.ts'
import { loadConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { createSharedMemory, type Deps } from '../../../src/deps.ts'
import { openKv } from '../../../src/kv/open-kv.ts'
import type { Client } from '../../../src/lib/client.ts'
import { createLifecycle } from '../../../src/lib/lifecycle.ts'
import { createLog } from '../../../src/lib/log.ts'
import { createLlm } from '../../../src/llm/create-llm.ts'
import { createMailer } from '../../../src/mail/create-mailer.ts'
import { createMetrics } from '../../../src/metrics/metrics.ts'
import { type Credential, resolveToken } from '../../../src/modules/auth/resolve-credential.ts'
import { sendDueLetters } from '../../../src/modules/mail/send-due-letters.ts'
import { embeddedDatabase } from '../../support/embedded-database.ts'
import type { Stack } from '../../support/stacks.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** What the use cases of accounts stand on, without the web in front. Letters go to the log. */
export interface Accounts extends AsyncDisposable {
  deps: Deps
  client: Client
  /** Stands still until moved. */
  advance(seconds: number): void
  log: Record<string, unknown>[]
  /** Sends what is due and returns all letters so far. */
  letters(): Promise<{ kind: string; to: string; subject: string; text: string }[]>
}

export const ann = {
  email: 'ann@example.com',
  phone: null,
  username: null,
  displayName: null,
  password: 'vexing-7 quince',
}

export async function openAccounts(stack: Stack, env: Record<string, string> = {}): Promise<Accounts> {
  const { env: stackEnv, release } = await stack.prepare()
  const config = loadConfig({
    DATA_DIR: tempFolder('accounts'),
    SECRET_KEY: 'for tests only 0123456789',
    ...stackEnv,
    ...env,
  })
  const lines: Record<string, unknown>[] = []
  const log = createLog('debug', (line) => void lines.push(JSON.parse(line)))
  const database = config.database ? await openDatabase(config, log) : await embeddedDatabase()
  const kv = await openKv(config.redis, log)
  let now = new Date('2026-03-01T12:00:00Z').getTime()
  const clock = () => new Date(now)
  const shared = createSharedMemory(clock)
  const metrics = createMetrics({ kv, turns: shared.turns })
  const deps: Deps = {
    config,
    db: database.db,
    kv,
    mailer: createMailer(config, log),
    blobs: openBlobs(config),
    llm: createLlm(config.llm, log),
    log,
    now: clock,
    lifecycle: createLifecycle(clock()),
    metrics,
    ...shared,
  }
  return {
    deps,
    client: { ip: '203.0.113.7', userAgent: 'test', locale: 'en' },
    advance: (seconds) => {
      now += seconds * 1000
    },
    log: lines,
    async letters() {
      await sendDueLetters(deps)
      return lines.flatMap((line) => (line.mail === undefined ? [] : [line.mail as never]))
    },
    async [Symbol.asyncDispose]() {
      metrics.close()
      await Promise.all([kv.close(), deps.mailer.close(), database.close()])
      await release()
    },
  }
}

/** Who is let in with this token in a cookie. */
export function whoHas(deps: Deps, token: string | null): Promise<Credential | null> {
  return resolveToken(deps, { cookie: token, bearer: null })
}

/**
 * What a promise is rejected with. Not `expect(…).rejects`: that stands still until the promise is settled, and the
 * embedded database's answer never gets through.
 */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (outcome === null) throw new Error('it was not rejected')
  return outcome
}
