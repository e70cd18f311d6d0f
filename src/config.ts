import { buildConfig } from './config/build.ts'
import type { Environment } from './config/read-settings.ts'
import { createReport } from './config/report.ts'
import type { Limit } from './lib/limits.ts'

export { helpConfig } from './config/help.ts'

/** The settings cannot be used. Each fault is a line `NAME: what was expected`; no secret is in any. */
export class ConfigError extends Error {
  readonly faults: string[]

  constructor(faults: string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/**
 * The settings in the environment, checked as a whole. Makes and keeps a secret in DATA_DIR when none is given.
 * Throws ConfigError with every fault at once.
 */
export function loadConfig(env: Environment = process.env): Config {
  const report = createReport()
  const config = buildConfig(env, report)
  const faults = report.faults()
  if (config === null || faults.length > 0) throw new ConfigError(faults)
  return config
}

/** What the settings say, checked and typed. Built by `loadConfig`, read everywhere, changed by nobody. */
export interface Config {
  production: boolean
  host: string
  port: number
  /** Embedded database, generated secret, later files. */
  dataDir: string
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** At least 16 characters. Given, or made once and kept in `dataDir`. */
  secretKey: string
  /** The one before it, of which some things sealed may be left; null: none. */
  oldSecretKey: string | null
  /** Opens /metrics to other machines; null: closed to them. At least 16 characters. */
  metricsToken: string | null
  siteName: string
  /** Stands beside the name; null: ours does. */
  siteLogo: SiteLogo | null
  /** Pages of the operator's; null: there is none. */
  termsUrl: string | null
  privacyUrl: string | null
  /** Of prices, balances and costs: three capital letters of ISO 4217. */
  currency: string
  /** The reference of the API is shown. */
  docs: boolean
  /** Origin without a trailing slash (`https://chat.example.com`), possibly with a path prefix. */
  frontendBaseUrl: string
  /** Host names (no port) that may be asked for; empty: any. */
  trustedHosts: string[]
  /** Addresses and CIDR ranges whose X-Forwarded-For is believed. */
  trustedProxies: string[]
  corsOrigins: string[]
  cookieSecure: 'auto' | 'always' | 'never'
  drainSeconds: number

  /** null: the embedded PostgreSQL under `dataDir`. */
  database: DatabaseConfig | null
  /** null: the in-process store. */
  redis: RedisConfig | null
  /** null: mail is written to the log; in production it waits in the outbox. */
  smtp: SmtpConfig | null
  mail: { from: string; senderName: string }
  /** null: files are kept in `dataDir`. */
  s3: S3Config | null

  auth: {
    cookieName: string
    /** Of a log-in with a cookie. */
    sessionTtlSeconds: number
    accessTokenTtlSeconds: number
    refreshTokenTtlSeconds: number
    /** From the log-in on; no refresh goes beyond it. */
    refreshMaxSeconds: number
    /** Of whoever has been given no other. */
    defaultPlan: string
    /** Who may make an account, unless an administrator has said otherwise. */
    registration: 'open' | 'invite' | 'closed'
    resetTokenTtlSeconds: number
    resetRevokesSessions: boolean
    resetLink: 'query' | 'fragment' | 'both'
    /** Only outside production. */
    debugReturnResetToken: boolean
    /** Created at the start when there is no such account. */
    admin: { email: string | null; username: string | null; password: string } | null
  }

  llm: {
    /** What is known of providers that somebody may enter a key of later. */
    presets: ProviderPreset[]
    /** In order of preference; empty: the demo model. */
    providers: ProviderConfig[]
    /** `provider` or `provider/model`; null: the first provider's. */
    defaultModel: string | null
    /** Beside each provider's own; or one of those, to say how much it takes. */
    models: ModelSetting[]
    /** In tokens, of a model about which nothing else is known. */
    contextWindow: number
    /** Until the response headers, and then until the first word. */
    timeoutSeconds: number
    /** The longest silence between two words. */
    idleTimeoutSeconds: number
    maxRetries: number
  }

  /** The live front end's contract. */
  cloudchat: {
    cookieName: string
    sessionTtlSeconds: number
    /** Rounds (question and answer) that the model remembers. */
    maxHistory: number
    systemPrompt: string
    guide: Guide | null
    anonymousChat: boolean
  }

  usage: {
    /** Where days and months begin: a name that the database knows too. */
    timezone: string
    /** Of all visitors without an account together; null: no limit. */
    anonymousTokensPerDay: number | null
  }

  limits: {
    registerIp: Limit
    registerEmail: Limit
    loginIp: Limit
    loginId: Limit
    forgotIp: Limit
    forgotId: Limit
    resetIp: Limit
    chatIp: Limit
    chatTotal: Limit
    apiUser: Limit
    apiAuthIp: Limit
    shareIp: Limit
    sendUser: Limit
    searchUser: Limit
    gatewayKey: Limit
    gatewayUser: Limit
    gatewayIp: Limit
    redeemUser: Limit
    imageUser: Limit
    exportUser: Limit
    importUser: Limit
  }

  images: {
    /** The first where nobody chooses; empty: no model draws. */
    models: { provider: string; model: string }[]
    /** `1024x1024`; null: as the model likes. */
    size: string | null
  }

  /** What programs find at `/v1`. */
  gateway: { maxBodyBytes: number }

  /** null: no such limit. */
  turns: {
    maxPerUser: number | null
    maxReaders: number | null
    maxTokens: number | null
    maxSeconds: number | null
    maxMessageBytes: number
    maxSocketsPerUser: number | null
    /** For which an answer waits; null: nothing is summarised. */
    summaryTimeoutSeconds: number | null
  }

  /** Files of conversations. */
  imports: { maxBytes: number }

  /** Worth telling the operator at the start: settings without meaning here, doubtful choices. */
  warnings: string[]
}

export interface DatabaseConfig {
  /** `postgres://…`, cleaned of driver suffixes; may hold the password. */
  url: string
  ssl: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  poolSize: number
  /** A statement, waiting for a connection included, may take this long; then `dependency_down`. */
  statementTimeoutSeconds: number
}

export interface RedisConfig {
  host: string
  port: number
  username: string | null
  password: string | null
  db: number
  tls: boolean
  /** How long to wait for a connection. */
  connectTimeoutSeconds?: number
}

export interface S3Config {
  bucket: string
  /** Origin; null: Amazon's own. */
  endpoint: string | null
  region: string | null
  accessKeyId: string
  secretAccessKey: string
}

export interface SmtpConfig {
  host: string
  port: number
  user: string | null
  password: string | null
  /** `starttls`: required, never silently dropped. */
  security: 'starttls' | 'implicit' | 'none'
}

export interface ProviderConfig {
  /** `deepseek`, `qwen`, `openai`, `anthropic`, `ollama` …: the variable's prefix in lower case. */
  name: string
  baseUrl: string
  /** Taken in turns; empty: it wants none. */
  apiKeys: string[]
  /** null: the first model that the provider lists. */
  model: string | null
  /** Sent as OpenAI-Organization. */
  organization: string | null
  /** Instead of the common one. */
  timeoutSeconds?: number
}

/** A provider as it is known without any setting. */
export interface ProviderPreset {
  name: string
  baseUrl: string
  /** null: the first model that it lists. */
  model: string | null
  needsKey: boolean
}

/** A model that may be chosen. null: what is known about a model of that name, or the default. */
export interface ModelSetting {
  provider: string
  model: string
  contextWindow: number | null
  maxOutputTokens: number | null
}

/** A picture for the pages, as it was when the service started. */
export interface SiteLogo {
  /** Where it is below the start page; another picture has another name. */
  path: string
  contentType: string
  bytes: Uint8Array<ArrayBuffer>
}

/** What guide mode tells the model about the site: public knowledge, and an instruction for each preset question. */
export interface Guide {
  knowledge: { zh: string; en: string }
  presets: Record<string, { zh: string; en: string }>
}
