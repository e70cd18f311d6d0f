import { createApp, maxRequestBodyBytes } from '../../src/app.ts'
import { openBlobs } from '../../src/blobs/open-blobs.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import type { OpenDb } from '../../src/db/db.ts'
import { openDatabase } from '../../src/db/open.ts'
import { createSharedMemory, type Deps } from '../../src/deps.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLifecycle } from '../../src/lib/lifecycle.ts'
import { createLog } from '../../src/lib/log.ts'
import { createLlm } from '../../src/llm/create-llm.ts'
import { createMailer } from '../../src/mail/create-mailer.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { drainUsage } from '../../src/modules/usage/enter-usage.ts'
import { embeddedDatabase } from './embedded-database.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { describeOnStacks, embeddedStack, type Stack } from './stacks.ts'
import { tempFolder } from './temp-folder.ts'
import { startUpstream, type Upstream } from './upstream.ts'
import { createVisitor, type Visitor } from './visitor.ts'

/** The whole service in this process, with a real upstream, mail server and database around it. */
export interface TestApp extends AsyncDisposable {
  url: string
  deps: Deps
  config: Config
  clock: Clock
  upstream: Upstream
  mail: MailServer
  /** The log's lines, parsed. */
  log: Record<string, unknown>[]
  routes: Route[]
  /** A visitor with cookies of its own. */
  visitor(): Visitor
}

export interface Route {
  method: string
  path: string
  /** What its body may have, by its schema; none where it has no schema. */
  fields: string[]
}

/** The service's only clock. It stands still until a test moves it. */
export interface Clock {
  now: Date
  advance(seconds: number): void
}

/** `env`: settings beside (or instead of) the harness's own. */
export type StartApp = (env?: Record<string, string>) => Promise<TestApp>

/** Declares the same tests on both stacks. `await using app = await start()` in each test ends it again. */
export function describeOnBothStacks(name: string, body: (start: StartApp) => void): void {
  describeOnStacks(name, (stack) => body((env) => startApp(stack, env)))
}

/** Listens on a port of its own. The mail job does not run: a test sends what is due when it wants to. */
export async function startApp(stack: Stack, env: Record<string, string> = {}): Promise<TestApp> {
  const { env: stackEnv, release } = await stack.prepare()
  const upstream = startUpstream()
  const mail = await startMailServer()
  const config = loadConfig({ ...settingsFor(upstream, mail), ...stackEnv, ...env })
  const lines: Record<string, unknown>[] = []
  const log = createLog('debug', (line) => void lines.push(JSON.parse(line)))
  const clock = createClock()
  const database = await databaseFor(config, log)
  const kv = await openKv(config.redis, log)
  const mailer = createMailer(config, log)
  const blobs = openBlobs(config)
  const llm = createLlm(config.llm, log)
  const now = () => new Date(clock.now)
  const shared = createSharedMemory(now)
  const metrics = createMetrics({ kv, turns: shared.turns })
  const deps: Deps = {
    config,
    db: database.db,
    kv,
    mailer,
    blobs,
    llm,
    log,
    now,
    lifecycle: createLifecycle(now()),
    metrics,
    ...shared,
  }
  const app = createApp(deps).listen({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 75,
    maxRequestBodySize: maxRequestBodyBytes,
    development: false,
  })
  const url = `http://127.0.0.1:${app.server?.port}`
  return {
    url,
    deps,
    config,
    clock,
    upstream,
    mail,
    log: lines,
    routes: app.routes.map(({ method, path, hooks }) => ({ method, path, fields: fieldsOf(hooks.body) })),
    visitor: () => createVisitor(url),
    async [Symbol.asyncDispose]() {
      await app.stop(true)
      // The next test has the same embedded database: nothing of this one may come late.
      await drainUsage(deps, 2000)
      metrics.close()
      await Promise.all([kv.close(), mailer.close(), database.close(), upstream.stop(), mail.stop()])
      await release()
    },
  }
}

function settingsFor(upstream: Upstream, mail: MailServer): Record<string, string> {
  return {
    DATA_DIR: tempFolder('data'),
    SECRET_KEY: 'only for tests, 0123456789',
    DEEPSEEK_API_KEY: 'sk-only-for-tests',
    DEEPSEEK_BASE_URL: upstream.url,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mail.port),
    SMTP_USER: mail.user,
    SMTP_PASS: mail.password,
    SMTP_TLS: '0',
    MAIL_FROM: 'noreply@cloudchat.test',
  }
}

function databaseFor(config: Config, log: Deps['log']): Promise<OpenDb> {
  return config.database ? openDatabase(config, log) : embeddedDatabase()
}

function createClock(): Clock {
  const clock: Clock = {
    now: new Date('2026-03-01T12:00:00Z'),
    advance(seconds) {
      clock.now = new Date(clock.now.getTime() + seconds * 1000)
    },
  }
  return clock
}

/** Every route of the service, as its own router knows them. */
export async function routesOfTheApp(): Promise<Route[]> {
  await using app = await startApp(embeddedStack)
  return app.routes
}

/** Of every shape that it may have. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(Object(schema.properties)) : []
  const shapes = 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf : []
  return [...new Set([...own, ...shapes.flatMap(fieldsOf)])]
}
