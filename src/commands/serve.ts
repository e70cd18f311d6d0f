import type { Server } from 'bun'
import { createApp, maxRequestBodyBytes } from '../app.ts'
import type { Config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { createDeps, type Deps, type OpenDeps } from '../deps.ts'
import { giveBackMemory } from '../lib/give-back-memory.ts'
import { createLog, type Log } from '../lib/log.ts'
import { isConnectionLimitRaised } from '../lib/raise-connection-limit.ts'
import { version } from '../lib/version.ts'
import { ensureAdmin } from '../modules/auth/ensure-admin.ts'
import { startAuthJobs } from '../modules/auth/jobs.ts'
import { offerSetUp } from '../modules/auth/offer-set-up.ts'
import { startChatJobs } from '../modules/chat/jobs.ts'
import { startConversationJobs, startSearchJobs } from '../modules/conversations/jobs.ts'
import { startImageJobs } from '../modules/images/jobs.ts'
import { startKeyJobs } from '../modules/keys/jobs.ts'
import { startMailJobs } from '../modules/mail/jobs.ts'
import { startModelJobs } from '../modules/models/jobs.ts'
import { refreshModels } from '../modules/models/refresh-models.ts'
import { startShareJobs } from '../modules/shares/jobs.ts'
import { checkUsageSettings } from '../modules/usage/check-settings.ts'
import { startUsageJobs } from '../modules/usage/jobs.ts'
import { banner } from './banner.ts'
import { explainFailure } from './explain-failure.ts'
import { catchTheUncaught } from './last-resort.ts'
import { withProgress } from './progress.ts'
import { settingsOrExit } from './settings.ts'
import { shutDown } from './shut-down.ts'
import { waitForDatabase } from './wait-for-database.ts'

/** Longer than the 60 seconds for which nginx keeps its connections to us, so that it never writes to a closed one. */
const idleTimeoutSeconds = 75

/** Starts the service; ends the process itself, after a signal or when it cannot start. */
export async function serve(): Promise<void> {
  const config = settingsOrExit()
  const log = createLog(config.logLevel)
  catchTheUncaught(log)
  warn(config, log)
  try {
    const opened = await withProgress('starting · 正在启动', createDeps(config, log))
    await run(opened).catch(async (error) => {
      await opened.close()
      throw error
    })
  } catch (error) {
    process.stderr.write(`cloudchat: cannot start: ${explainFailure(error, config)}\n`)
    process.exit(1)
  }
}

async function run(opened: OpenDeps): Promise<void> {
  const { deps } = opened
  await prepareDatabase(deps)
  // Who has the terminal of an embedded service is its operator; elsewhere the settings or a command name one.
  const setUpLink = opened.databaseKind === 'embedded' ? await offerSetUp(deps) : null
  // Before anybody can ask: turns of a dead predecessor must not look as if they were running.
  const isAlone = opened.databaseKind === 'embedded'
  const chatJobs = await startChatJobs(deps, { isAlone })
  const server = listen(deps)
  const jobs = [
    chatJobs,
    startAuthJobs(deps),
    startConversationJobs(deps),
    startSearchJobs(deps),
    startKeyJobs(deps),
    startMailJobs(deps),
    startModelJobs(deps),
    startShareJobs(deps),
    startUsageJobs(deps, { isAlone }),
    startImageJobs(deps),
  ]
  greet(server, opened, setUpLink)
  giveBackMemory()
  endOnSignal(async () => {
    await shutDown(server, deps)
    await Promise.all(jobs.map((job) => job.stop()))
    await opened.close()
    deps.log.info('stopped')
  })
}

function warn(config: Config, log: Log): void {
  for (const warning of config.warnings) log.warn(warning)
  if (!isConnectionLimitRaised()) {
    log.warn('at most 256 answers at a time: set BUN_CONFIG_MAX_HTTP_REQUESTS=65336 to lift this')
  }
}

async function prepareDatabase(deps: Deps): Promise<void> {
  const count = await withProgress(
    'preparing the database · 正在准备数据库',
    waitForDatabase(() => migrate(deps.db), deps.log),
  )
  if (count > 0) deps.log.info({ count }, 'migrations run')
  await checkUsageSettings(deps)
  await ensureAdmin(deps)
  await refreshModels(deps)
}

function listen(deps: Deps): Server<unknown> {
  const app = createApp(deps).listen({
    hostname: deps.config.host,
    port: deps.config.port,
    idleTimeout: idleTimeoutSeconds,
    maxRequestBodySize: maxRequestBodyBytes,
    // Two processes on one port by mistake would answer in turns.
    reusePort: false,
    development: false,
  })
  if (app.server === null) throw new Error('the server did not start')
  return app.server
}

/** JSON on stdout is for machines; the banner on stderr is for the person who tries it out. */
function greet(server: Server<unknown>, { deps, databaseKind }: OpenDeps, setUpLink: string | null): void {
  const { config, kv, log } = deps
  const address = `${server.hostname}:${server.port}`
  log.info({ version, address, database: databaseKind, redis: kv.state() }, 'listening')
  const isTriedOut = process.stderr.isTTY || databaseKind === 'embedded'
  // PORT=0: the system has chosen one.
  const url = config.frontendBaseUrl.replace(/:0$/, `:${server.port}`)
  const link = setUpLink?.replace(config.frontendBaseUrl, url) ?? null
  if (isTriedOut) process.stderr.write(banner(config, url, link))
}

/** The first signal ends in good order, the second at once. */
function endOnSignal(end: () => Promise<void>): void {
  let isEnding = false
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(128 + number)
      isEnding = true
      end().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}
