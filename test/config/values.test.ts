import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { Config } from '../../src/config.ts'
import { faultsOf, load } from './load.ts'

const understood: [string, string, (config: Config) => unknown, unknown][] = [
  ['ENVIRONMENT', 'dev', (c) => c.production, false],
  ['HOST', '[::1]', (c) => [c.host, c.frontendBaseUrl], ['::1', 'http://[::1]:5000']],
  ['HOST', '0.0.0.0', (c) => [c.host, c.frontendBaseUrl], ['0.0.0.0', 'http://127.0.0.1:5000']],
  ['HOST', '::', (c) => c.frontendBaseUrl, 'http://127.0.0.1:5000'],
  ['PORT', '0', (c) => c.port, 0],
  ['PORT', ' 8080 ', (c) => [c.port, c.frontendBaseUrl], [8080, 'http://127.0.0.1:8080']],
  ['DATA_DIR', '/tmp', (c) => c.dataDir, '/tmp'],
  ['LOG_LEVEL', 'WARNING', (c) => c.logLevel, 'warn'],
  ['LOG_LEVEL', 'CRITICAL', (c) => c.logLevel, 'fatal'],
  ['DEBUG', 'true', (c) => c.logLevel, 'debug'],
  ['DEBUG', 'express:*,-router', (c) => c.logLevel, 'info'],
  ['DRAIN_SECONDS', '0', (c) => c.drainSeconds, 0],
  ['METRICS_TOKEN', 'f3c9a1d27b8e4056', (c) => c.metricsToken, 'f3c9a1d27b8e4056'],
  ['SITE_NAME', '张三的网站', (c) => [c.siteName, c.mail.senderName], ['张三的网站', '张三的网站']],
  [
    'FRONTEND_BASE_URL',
    'HTTPS://Chat.Example.com/cloudchat/',
    (c) => c.frontendBaseUrl,
    'https://chat.example.com/cloudchat',
  ],
  ['FRONTEND_BASE_URL', 'https://chat.example.com', (c) => c.mail.from, 'noreply@chat.example.com'],
  ['TRUSTED_HOSTS', 'a.example, [::1],B.example', (c) => c.trustedHosts, ['a.example', '::1', 'b.example']],
  ['TRUSTED_HOSTS', '*', (c) => c.trustedHosts, []],
  ['TRUSTED_PROXIES', '10.0.0.0/8,fd00::/8', (c) => c.trustedProxies, ['10.0.0.0/8', 'fd00::/8']],
  [
    'CORS_ORIGINS',
    'http://localhost:3000,https://A.example/',
    (c) => c.corsOrigins,
    ['http://localhost:3000', 'https://a.example'],
  ],
  ['CORS_ORIGINS', '["http://a.example","http://b.example"]', (c) => c.corsOrigins.length, 2],
  ['COOKIE_SECURE', '1', (c) => c.cookieSecure, 'always'],
  ['COOKIE_SECURE', 'false', (c) => c.cookieSecure, 'never'],
  ['AUTH_COOKIE_NAME', '__Host-auth', (c) => c.auth.cookieName, '__Host-auth'],
  ['ACCESS_TOKEN_TTL_SECONDS', '86400', (c) => c.auth.accessTokenTtlSeconds, 86_400],
  ['REFRESH_TOKEN_TTL_SECONDS', '3600', (c) => c.auth.refreshTokenTtlSeconds, 3600],
  ['REFRESH_MAX_SECONDS', '31536000', (c) => c.auth.refreshMaxSeconds, 31_536_000],
  ['DEFAULT_PLAN', 'pro', (c) => c.auth.defaultPlan, 'pro'],
  ['TIMEZONE', 'Asia/Shanghai', (c) => c.usage.timezone, 'Asia/Shanghai'],
  ['ANONYMOUS_TOKENS_PER_DAY', '50000', (c) => c.usage.anonymousTokensPerDay, 50_000],
  ['SESSION_TTL_SECONDS', '60', (c) => c.auth.sessionTtlSeconds, 60],
  ['PWRESET_TOKEN_TTL', '3600', (c) => c.auth.resetTokenTtlSeconds, 3600],
  ['PWRESET_REVOKE_SESSIONS', '0', (c) => c.auth.resetRevokesSessions, false],
  ['RESET_LINK', 'Fragment', (c) => c.auth.resetLink, 'fragment'],
  ['DEBUG_RETURN_RESET_TOKEN', '1', (c) => c.auth.debugReturnResetToken, true],
  ['LLM_TIMEOUT_SECONDS', '3600', (c) => c.llm.timeoutSeconds, 3600],
  ['LLM_IDLE_TIMEOUT_SECONDS', '1', (c) => c.llm.idleTimeoutSeconds, 1],
  ['LLM_MAX_RETRIES', '0', (c) => c.llm.maxRetries, 0],
  ['DEFAULT_MODEL', 'demo', (c) => c.llm.defaultModel, 'demo'],
  ['SYSTEM_PROMPT', '请你扮演张三', (c) => c.cloudchat.systemPrompt, '请你扮演张三'],
  ['MAX_HISTORY', '20', (c) => c.cloudchat.maxHistory, 20],
  ['ANONYMOUS_CHAT', '0', (c) => c.cloudchat.anonymousChat, false],
  ['APP_SESSION_COOKIE_NAME', 'session', (c) => c.cloudchat.cookieName, 'session'],
  ['SESSION_EXPIRE', '2592000', (c) => c.cloudchat.sessionTtlSeconds, 2_592_000],
  ['LIMIT_REGISTER_IP', '0', (c) => c.limits.registerIp, null],
  ['LIMIT_REGISTER_EMAIL', '1/60', (c) => c.limits.registerEmail, { count: 1, windowSeconds: 60 }],
  ['LIMIT_LOGIN_IP', '1/61', (c) => c.limits.loginIp, { count: 1, windowSeconds: 61 }],
  ['LIMIT_LOGIN_ID', '1/62', (c) => c.limits.loginId, { count: 1, windowSeconds: 62 }],
  ['LIMIT_FORGOT_IP', '1/63', (c) => c.limits.forgotIp, { count: 1, windowSeconds: 63 }],
  ['LIMIT_FORGOT_ID', '1/64', (c) => c.limits.forgotId, { count: 1, windowSeconds: 64 }],
  ['LIMIT_RESET_IP', '1/65', (c) => c.limits.resetIp, { count: 1, windowSeconds: 65 }],
  ['LIMIT_CHAT_IP', '1/66', (c) => c.limits.chatIp, { count: 1, windowSeconds: 66 }],
  ['LIMIT_CHAT_TOTAL', '9/31536000', (c) => c.limits.chatTotal, { count: 9, windowSeconds: 31_536_000 }],
]

describe('a setting is understood', () => {
  test.each(understood)('%s=%s', (name, text, read, value) => {
    expect(read(load({ SECRET_KEY: 'k7Rw2mXq9TzL4vBn8sHd', [name]: text }))).toEqual(value)
  })
})

describe('a flag', () => {
  test.each(['1', 'true', 'TRUE', 'yes', 'on', 'On'])('%s is on', (text) => {
    expect(load({ DEBUG_RETURN_RESET_TOKEN: text }).auth.debugReturnResetToken).toBe(true)
  })
  test.each(['0', 'false', 'no', 'off', 'OFF'])('%s is off', (text) => {
    expect(load({ ANONYMOUS_CHAT: text }).cloudchat.anonymousChat).toBe(false)
  })
  test.each(['2', 'y', 'enabled', '-1', 'truee'])('%s is refused', (text) => {
    expect(faultsOf({ ANONYMOUS_CHAT: text })).toEqual([
      `ANONYMOUS_CHAT: expected 1 or 0 (true/false, yes/no, on/off), not "${text}"`,
    ])
  })
})

const refused: [string, string, string][] = [
  ['ENVIRONMENT', 'prodution', 'one of development, production'],
  ['HOST', 'my host', 'a host name or an IP address, without a port'],
  ['HOST', '999.1.1.1', 'a host name or an IP address, without a port'],
  ['HOST', 'localhost:5000', 'a host name or an IP address, without a port'],
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PORT', '5e3', 'a whole number from 0 to 65535'],
  ['PORT', '-1', 'a whole number from 0 to 65535'],
  ['PORT', '5000.0', 'a whole number from 0 to 65535'],
  ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
  ['DRAIN_SECONDS', '601', 'a whole number from 0 to 600'],
  ['SITE_NAME', 'a\u0007b', 'text without control characters'],
  ['FRONTEND_BASE_URL', 'chat.example.com', 'an address such as https://chat.example.com, a path at most'],
  ['FRONTEND_BASE_URL', 'ftp://a.example', 'an address such as https://chat.example.com, a path at most'],
  [
    'TRUSTED_HOSTS',
    'a.example:5000',
    'a comma-separated list, each a host name or an IP address, without a port',
  ],
  [
    'TRUSTED_HOSTS',
    '*.example.com',
    'a comma-separated list, each a host name or an IP address, without a port',
  ],
  [
    'TRUSTED_PROXIES',
    '10.0.0.0/33',
    'a comma-separated list, each an IP address or a range such as 10.0.0.0/8',
  ],
  ['TRUSTED_PROXIES', '*', 'a comma-separated list, each an IP address or a range such as 10.0.0.0/8'],
  [
    'CORS_ORIGINS',
    'https://a.example,*',
    'a comma-separated list, each an origin such as https://www.example.com (not *: cookies go along)',
  ],
  [
    'CORS_ORIGINS',
    'https://a.example/x',
    'a comma-separated list, each an origin such as https://www.example.com',
  ],
  ['COOKIE_SECURE', 'maybe', 'one of auto, 1, 0'],
  ['DATABASE_POOL_SIZE', '0', 'a whole number from 1 to 200'],
  ['DATABASE_TIMEOUT_SECONDS', '301', 'a whole number from 1 to 300'],
  ['REDIS_PORT', 'tcp://10.0.0.1:6379', 'a whole number from 1 to 65535'],
  ['REDIS_TIMEOUT', '31', 'a whole number from 1 to 30'],
  ['REDIS_DB', '-1', 'a whole number from 0 to 65535'],
  ['SMTP_PORT', '0', 'a whole number from 1 to 65535'],
  ['SMTP_TLS', 'ja', 'one of 1, 0, starttls, implicit'],
  ['AUTH_COOKIE_NAME', 'a;b', 'a cookie name of letters, digits, dots, hyphens and underscores'],
  ['ACCESS_TOKEN_TTL_SECONDS', '59', 'a whole number from 60 to 86400'],
  ['REFRESH_TOKEN_TTL_SECONDS', '0', 'a whole number from 60 to 31536000'],
  ['REFRESH_MAX_SECONDS', 'ever', 'a whole number from 60 to 315360000'],
  ['TIMEZONE', 'Beijing', 'the name of a time zone such as Asia/Shanghai or UTC'],
  ['TIMEZONE', '+08:00', 'the name of a time zone such as Asia/Shanghai or UTC'],
  ['DEFAULT_PLAN', 'Pro plan', '1 to 32 lower-case letters, digits, hyphens and underscores'],
  ['SESSION_TTL_SECONDS', '59', 'a whole number from 60 to 2592000'],
  ['PWRESET_TOKEN_TTL', '3601', 'a whole number from 60 to 3600'],
  ['RESET_LINK', 'path', 'one of query, fragment, both'],
  ['SESSION_EXPIRE', '2592001', 'a whole number from 60 to 2592000'],
  ['MAX_HISTORY', '21', 'a whole number from 1 to 20'],
  ['LLM_TIMEOUT_SECONDS', '0', 'a whole number from 1 to 3600'],
  ['LLM_MAX_RETRIES', '6', 'a whole number from 0 to 5'],
  ['DEEPSEEK_TIMEOUT_SECONDS', '301', 'a whole number from 1 to 300'],
  ['LIMIT_CHAT_IP', '10', 'count/seconds such as 10/3600 (at most a year), or 0 for no limit'],
  ['LIMIT_CHAT_IP', '0/60', 'count/seconds such as 10/3600 (at most a year), or 0 for no limit'],
  ['LIMIT_CHAT_IP', '10/0', 'count/seconds such as 10/3600 (at most a year), or 0 for no limit'],
  ['LIMIT_CHAT_IP', '10/31536001', 'count/seconds such as 10/3600 (at most a year), or 0 for no limit'],
]

describe('a setting is refused', () => {
  test.each(refused)('%s=%s', (name, text, expected) => {
    expect(faultsOf({ [name]: text })).toEqual([`${name}: expected ${expected}, not ${JSON.stringify(text)}`])
  })

  test('a user, query or fragment in FRONTEND_BASE_URL, whose password is not shown', () => {
    for (const end of ['user:pa55@a.example', 'a.example?x=pa55', 'a.example/#x', 'a.example/?']) {
      const [fault, ...others] = faultsOf({ FRONTEND_BASE_URL: `https://${end}` })
      expect(others).toEqual([])
      expect(fault).toStartWith('FRONTEND_BASE_URL: expected an address such as')
      expect(fault).not.toContain('pa55')
    }
  })

  test('a prompt of more than 8000 code points; 8000 astral ones pass', () => {
    expect(faultsOf({ SYSTEM_PROMPT: '𝒳'.repeat(8000) })).toEqual([])
    expect(faultsOf({ SYSTEM_PROMPT: 'x'.repeat(8001) })[0]).toStartWith(
      'SYSTEM_PROMPT: expected 1 to 8000 characters, not "xxx',
    )
  })

  test('one name for both cookies', () => {
    expect(faultsOf({ AUTH_COOKIE_NAME: 'a', APP_SESSION_COOKIE_NAME: 'a' })).toEqual([
      'APP_SESSION_COOKIE_NAME: expected another name than AUTH_COOKIE_NAME',
    ])
  })

  test('all at once', () => {
    expect(
      faultsOf({ PORT: 'x', MAX_HISTORY: '0', LIMIT_CHAT_IP: 'x', DATABASE_URL: 'sqlite:///x' }).map(
        (fault) => fault.split(':')[0],
      ),
    ).toEqual(['PORT', 'DATABASE_URL', 'MAX_HISTORY', 'LIMIT_CHAT_IP'])
  })
})

test('empty and blank are unset', () => {
  const blank = Object.fromEntries(
    ['PORT', 'REDIS_PASSWORD', 'SMTP_HOST', 'OLLAMA_BASE_URL', 'DATABASE_URL'].map((name, index) => [
      name,
      index % 2 ? '' : '  ',
    ]),
  )
  expect({ ...load(blank), secretKey: '' }).toEqual({ ...load(), secretKey: '' })
})

describe('what a service manager keeps as part of the value', () => {
  test.each(['PORT', 'SECRET_KEY', 'SITE_NAME', 'REDIS_PASSWORD', 'OPENAI_API_KEY', 'SYSTEM_PROMPT'])(
    'a comment behind %s',
    (name) => {
      expect(faultsOf({ [name]: 'x7Rw2mXq9TzL4vBn8sHd # mine' })).toEqual([
        `${name}: the value holds " #": a comment on its line became part of it; give it a line of its own`,
      ])
    },
  )

  test('quotes', () => {
    expect(faultsOf({ SITE_NAME: '"CloudChat"' })).toEqual([
      'SITE_NAME: the quotes around the value became part of it; leave them out',
    ])
  })

  test('a # without a blank before it is nothing but a #', () => {
    expect(load({ REDIS_PASSWORD: 'a#b' }).redis?.password).toBe('a#b')
  })
})

test('a relative DATA_DIR is made absolute', () => {
  expect(load({ DATA_DIR: 'x/y', SECRET_KEY: 'k7Rw2mXq9TzL4vBn8sHd' }).dataDir).toBe(
    join(process.cwd(), 'x/y'),
  )
})
