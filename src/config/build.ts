import type { Config, DatabaseConfig, S3Config } from '../config.ts'
import { readGuide } from './guide.ts'
import { readImageModels } from './image-models.ts'
import { readLogo } from './logo.ts'
import { checkModels } from './model-list.ts'
import { checkDevelopment, checkProduction } from './production.ts'
import {
  furtherKeysOf,
  hostedProviders,
  otherProviders,
  presets,
  providerSettings,
  settingsOf,
} from './provider-settings.ts'
import { checkDefaultModel, readProviders } from './providers.ts'
import { type Environment, type Reading, readSettings } from './read-settings.ts'
import { readRedis } from './redis.ts'
import type { Report } from './report.ts'
import { keepSecretKey } from './secret-key.ts'
import type { Table } from './setting.ts'
import { settings } from './settings.ts'
import { readSmtp, senderOf } from './smtp.ts'
import { warnAboutNames } from './unknown-names.ts'

type Everything = Reading<typeof settings>

/** Reads and checks everything. null, or a report with faults: what was found must not be used. */
export function buildConfig(env: Environment, report: Report): Config | null {
  const others = otherProviders(env)
  const providerTable: Table = Object.assign(
    {},
    providerSettings,
    ...others.map(settingsOf),
    ...[...hostedProviders, ...others].map((provider) => furtherKeysOf(provider, env)),
  )
  const reading = readSettings(settings, env, report)
  const providers = readProviders(others, readSettings(providerTable, env, report), report)
  warnAboutNames({ ...settings, ...providerTable }, env, report)

  const { values } = reading
  const production = values.ENVIRONMENT === 'production'
  if (production) checkProduction(reading, providers, report)
  else checkDevelopment(reading, report)
  checkDefaultModel(values.DEFAULT_MODEL, providers, reading.variableOf('DEFAULT_MODEL'), report)
  checkModels(values.MODELS ?? [], providers, reading.variableOf('MODELS'), report)
  if (values.AUTH_COOKIE_NAME === values.APP_SESSION_COOKIE_NAME) {
    report.refuse('APP_SESSION_COOKIE_NAME', 'expected another name than AUTH_COOKIE_NAME')
  }
  const frontendBaseUrl = values.FRONTEND_BASE_URL ?? `http://${reachable(values.HOST)}:${values.PORT}`
  const hostname = new URL(frontendBaseUrl).hostname.replace(/[[\]]/g, '')

  const config: Omit<Config, 'secretKey'> = {
    production,
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL ?? (values.DEBUG ? 'debug' : 'info'),
    oldSecretKey: values.OLD_SECRET_KEY,
    metricsToken: values.METRICS_TOKEN,
    siteName: values.SITE_NAME,
    siteLogo: readLogoSetting(reading, report),
    termsUrl: values.TERMS_URL,
    privacyUrl: values.PRIVACY_URL,
    currency: values.CURRENCY,
    docs: values.ENABLE_DOCS,
    frontendBaseUrl,
    trustedHosts: trustedHosts(values.TRUSTED_HOSTS, production, hostname),
    trustedProxies: values.TRUSTED_PROXIES,
    corsOrigins: values.CORS_ORIGINS ?? [],
    cookieSecure: ({ auto: 'auto', 1: 'always', 0: 'never' } as const)[values.COOKIE_SECURE],
    drainSeconds: values.DRAIN_SECONDS,
    database: readDatabase(reading, report),
    redis: readRedis(reading, env, report),
    smtp: readSmtp(reading, report),
    mail: {
      from: senderOf(reading) ?? `noreply@${hostname}`,
      senderName: values.MAIL_SENDER_NAME ?? values.SITE_NAME,
    },
    s3: readS3(reading, report),
    auth: {
      cookieName: values.AUTH_COOKIE_NAME,
      sessionTtlSeconds: values.SESSION_TTL_SECONDS,
      accessTokenTtlSeconds: values.ACCESS_TOKEN_TTL_SECONDS,
      refreshTokenTtlSeconds: values.REFRESH_TOKEN_TTL_SECONDS,
      refreshMaxSeconds: values.REFRESH_MAX_SECONDS,
      defaultPlan: values.DEFAULT_PLAN ?? (production ? 'free' : 'unlimited'),
      registration: values.REGISTRATION,
      resetTokenTtlSeconds: values.PWRESET_TOKEN_TTL,
      resetRevokesSessions: values.PWRESET_REVOKE_SESSIONS,
      resetLink: values.RESET_LINK,
      debugReturnResetToken: values.DEBUG_RETURN_RESET_TOKEN && !production,
      admin: readAdmin(reading, report),
    },
    llm: {
      presets,
      providers,
      defaultModel: values.DEFAULT_MODEL,
      models: values.MODELS ?? [],
      contextWindow: values.MODEL_CONTEXT_WINDOW,
      timeoutSeconds: values.LLM_TIMEOUT_SECONDS,
      idleTimeoutSeconds: values.LLM_IDLE_TIMEOUT_SECONDS,
      maxRetries: values.LLM_MAX_RETRIES,
    },
    cloudchat: {
      cookieName: values.APP_SESSION_COOKIE_NAME,
      sessionTtlSeconds: values.SESSION_EXPIRE,
      maxHistory: values.MAX_HISTORY,
      systemPrompt: values.SYSTEM_PROMPT,
      guide: readGuideSetting(reading, report),
      anonymousChat: values.ANONYMOUS_CHAT,
    },
    usage: {
      timezone: values.TIMEZONE,
      anonymousTokensPerDay: (values.ANONYMOUS_TOKENS_PER_DAY ?? (production ? 2_000_000 : 0)) || null,
    },
    limits: {
      registerIp: values.LIMIT_REGISTER_IP,
      registerEmail: values.LIMIT_REGISTER_EMAIL,
      loginIp: values.LIMIT_LOGIN_IP,
      loginId: values.LIMIT_LOGIN_ID,
      forgotIp: values.LIMIT_FORGOT_IP,
      forgotId: values.LIMIT_FORGOT_ID,
      resetIp: values.LIMIT_RESET_IP,
      chatIp: values.LIMIT_CHAT_IP,
      chatTotal: values.LIMIT_CHAT_TOTAL,
      apiUser: values.LIMIT_API_USER,
      apiAuthIp: values.LIMIT_API_AUTH_IP,
      shareIp: values.LIMIT_SHARE_IP,
      sendUser: values.LIMIT_SEND_USER,
      searchUser: values.LIMIT_SEARCH_USER,
      gatewayKey: values.LIMIT_GATEWAY_KEY,
      gatewayUser: values.LIMIT_GATEWAY_USER,
      gatewayIp: values.LIMIT_GATEWAY_IP,
      redeemUser: values.LIMIT_REDEEM_USER,
      imageUser: values.LIMIT_IMAGE_USER,
      exportUser: values.LIMIT_EXPORT_USER,
      importUser: values.LIMIT_IMPORT_USER,
    },
    images: {
      models: readImageModels(values.IMAGE_MODELS, providers, reading.variableOf('IMAGE_MODELS'), report),
      size: values.IMAGE_SIZE,
    },
    gateway: { maxBodyBytes: values.MAX_GATEWAY_BODY_BYTES },
    turns: {
      maxPerUser: values.MAX_TURNS_PER_USER || null,
      maxReaders: values.MAX_READERS_PER_TURN || null,
      maxTokens: values.MAX_TOKENS_PER_TURN || null,
      maxSeconds: values.MAX_MINUTES_PER_TURN * 60 || null,
      maxMessageBytes: values.MAX_MESSAGE_BYTES || 4 * 1024 * 1024,
      maxSocketsPerUser: values.MAX_SOCKETS_PER_USER || null,
      summaryTimeoutSeconds: values.SUMMARY_TIMEOUT_SECONDS || null,
    },
    imports: { maxBytes: values.MAX_IMPORT_BYTES },
    warnings: report.warnings,
  }
  // The last step, since it leaves a trace: not before all else is known to be right.
  const secretKey = report.faults().length === 0 ? secretKeyOf(reading, report) : null
  return secretKey === null ? null : { ...config, secretKey }
}

/** An address that can be opened, for one that can be listened on. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || /^[0:]+$/.test(host)) return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function trustedHosts(given: string[] | null, production: boolean, hostname: string): string[] {
  if (given === null) return production ? [hostname, 'localhost', '127.0.0.1', '::1'] : []
  return given.includes('*') ? [] : given
}

function readDatabase({ values, variableOf }: Everything, report: Report): DatabaseConfig | null {
  if (values.DATABASE_URL === null) return null
  const { url, ssl, ignored } = values.DATABASE_URL
  if (ignored.length > 0) {
    report.warn(`${variableOf('DATABASE_URL')}: no meaning here: ${ignored.join(', ')}`)
  }
  return {
    url,
    ssl,
    poolSize: values.DATABASE_POOL_SIZE,
    statementTimeoutSeconds: values.DATABASE_TIMEOUT_SECONDS,
  }
}

function readS3({ values, isGiven }: Everything, report: Report): S3Config | null {
  const bucket = values.S3_BUCKET
  if (bucket === null) {
    if (isGiven('S3_ENDPOINT')) report.warn('S3_ENDPOINT has no effect without S3_BUCKET')
    return null
  }
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values
  if (accessKeyId === null) report.refuse('S3_ACCESS_KEY_ID', 'required with S3_BUCKET')
  if (secretAccessKey === null) report.refuse('S3_SECRET_ACCESS_KEY', 'required with S3_BUCKET')
  if (accessKeyId === null || secretAccessKey === null) return null
  return { bucket, endpoint: values.S3_ENDPOINT, region: values.S3_REGION, accessKeyId, secretAccessKey }
}

function readAdmin({ values, variableOf, isGiven }: Everything, report: Report): Config['auth']['admin'] {
  const { ADMIN_EMAIL: email, ADMIN_USERNAME: username, ADMIN_PASSWORD: password } = values
  const named = (['ADMIN_EMAIL', 'ADMIN_USERNAME'] as const).find(isGiven)
  if (named && !isGiven('ADMIN_PASSWORD')) report.refuse('ADMIN_PASSWORD', `required with ${named}`)
  if (isGiven('ADMIN_PASSWORD') && !named) {
    report.refuse('ADMIN_EMAIL', `required with ${variableOf('ADMIN_PASSWORD')} (or ADMIN_USERNAME)`)
  }
  return password === null ? null : { email, username, password }
}

function readLogoSetting({ values, variableOf }: Everything, report: Report): Config['siteLogo'] {
  if (values.SITE_LOGO_FILE === null) return null
  const read = readLogo(values.SITE_LOGO_FILE)
  if ('logo' in read) return read.logo
  report.refuse('SITE_LOGO_FILE', read.fault, variableOf('SITE_LOGO_FILE'))
  return null
}

function readGuideSetting({ values, variableOf }: Everything, report: Report): Config['cloudchat']['guide'] {
  if (values.GUIDE_FILE === null) return null
  const read = readGuide(values.GUIDE_FILE)
  if ('guide' in read) return read.guide
  for (const fault of read.faults) report.refuse(`GUIDE_FILE ${fault}`, fault, variableOf('GUIDE_FILE'))
  return null
}

function secretKeyOf({ values }: Everything, report: Report): string | null {
  if (values.SECRET_KEY !== null) return values.SECRET_KEY
  const kept = keepSecretKey(values.DATA_DIR)
  if ('fault' in kept) {
    report.refuse('DATA_DIR', kept.fault)
    return null
  }
  if (kept.wasOpen) {
    report.warn(
      'DATA_DIR: others on this machine could read secret_key until now; delete it to have a new one',
    )
  }
  return kept.key
}
