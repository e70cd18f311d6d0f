import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { load } from './load.ts'

test('without any setting everything is embedded, and nobody is warned', () => {
  const { secretKey, dataDir, ...config } = load()
  expect(secretKey.length).toBeGreaterThanOrEqual(32)
  expect(config).toEqual({
    production: false,
    host: '127.0.0.1',
    port: 5000,
    logLevel: 'info',
    metricsToken: null,
    siteName: 'CloudChat',
    siteLogo: null,
    termsUrl: null,
    privacyUrl: null,
    currency: 'USD',
    oldSecretKey: null,
    docs: true,
    frontendBaseUrl: 'http://127.0.0.1:5000',
    trustedHosts: [],
    trustedProxies: ['127.0.0.0/8', '::1'],
    corsOrigins: [],
    cookieSecure: 'auto',
    drainSeconds: 30,
    database: null,
    redis: null,
    smtp: null,
    mail: { from: 'noreply@127.0.0.1', senderName: 'CloudChat' },
    s3: null,
    auth: {
      cookieName: 'cc_auth',
      sessionTtlSeconds: 604_800,
      accessTokenTtlSeconds: 900,
      refreshTokenTtlSeconds: 2_592_000,
      refreshMaxSeconds: 7_776_000,
      defaultPlan: 'unlimited',
      registration: 'open',
      resetTokenTtlSeconds: 900,
      resetRevokesSessions: true,
      resetLink: 'both',
      debugReturnResetToken: false,
      admin: null,
    },
    llm: expect.objectContaining({ providers: [], defaultModel: null }),
    cloudchat: {
      cookieName: 'cc_app',
      sessionTtlSeconds: 3600,
      maxHistory: 6,
      systemPrompt: 'You are a helpful assistant. Answer in the language in which the user writes.',
      guide: null,
      anonymousChat: true,
    },
    gateway: { maxBodyBytes: 20_971_520 },
    usage: { timezone: 'UTC', anonymousTokensPerDay: null },
    limits: {
      registerIp: { count: 10, windowSeconds: 3600 },
      registerEmail: { count: 3, windowSeconds: 3600 },
      loginIp: { count: 10, windowSeconds: 600 },
      loginId: { count: 10, windowSeconds: 600 },
      forgotIp: { count: 20, windowSeconds: 3600 },
      forgotId: { count: 5, windowSeconds: 3600 },
      resetIp: { count: 20, windowSeconds: 3600 },
      chatIp: { count: 10, windowSeconds: 60 },
      chatTotal: { count: 2000, windowSeconds: 86_400 },
      apiUser: { count: 300, windowSeconds: 60 },
      apiAuthIp: { count: 20, windowSeconds: 60 },
      shareIp: { count: 60, windowSeconds: 60 },
      sendUser: { count: 20, windowSeconds: 60 },
      searchUser: { count: 60, windowSeconds: 60 },
      imageUser: { count: 30, windowSeconds: 3600 },
      redeemUser: { count: 10, windowSeconds: 3600 },
      exportUser: { count: 60, windowSeconds: 3600 },
      importUser: { count: 60, windowSeconds: 3600 },
      gatewayKey: { count: 600, windowSeconds: 60 },
      gatewayUser: { count: 1200, windowSeconds: 60 },
      gatewayIp: { count: 1200, windowSeconds: 60 },
    },
    images: { models: [], size: null },
    turns: {
      maxPerUser: 3,
      maxReaders: 100,
      maxTokens: 32_768,
      maxSeconds: 1800,
      maxMessageBytes: 65_536,
      maxSocketsPerUser: 5,
      summaryTimeoutSeconds: 5,
    },
    imports: { maxBytes: 220_200_960 },
    warnings: [],
  })
})

test('five minutes until the first word are too long neither for us nor for our nginx', () => {
  const proxy = readFileSync('ops/nginx/cloudchat-proxy.conf', 'utf8')
  const [, proxySeconds] = /^proxy_read_timeout (\d+)s;$/m.exec(proxy) ?? []
  const { timeoutSeconds } = load().llm
  expect(timeoutSeconds).toBeGreaterThan(300)
  // We are to say that a provider took too long, not nginx that we did.
  expect(Number(proxySeconds)).toBeGreaterThan(timeoutSeconds)
})
