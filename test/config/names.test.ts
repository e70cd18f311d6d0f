import { describe, expect, test } from 'bun:test'
import { withoutMeaning } from '../../src/config/without-meaning.ts'
import { load } from './load.ts'

describe('a name without meaning here is told so, with the reason and without its value', () => {
  test.each(Object.entries(withoutMeaning))('%s', (name, reason) => {
    expect(load({ [name]: 'https://key@sentry.example/1' }).warnings).toEqual([
      `${name} has no meaning here: ${reason}`,
    ])
  })

  test.each(
    'WORKERS RELOAD WORKER_PROCESSES ALGORITHM ACCESS_TOKEN_EXPIRE_MINUTES DB_MAX_OVERFLOW DB_POOL_TIMEOUT RATE_LIMIT_PER_MINUTE RATE_LIMIT_PER_HOUR MAX_UPLOAD_SIZE ALLOWED_EXTENSIONS SENTRY_DSN SENTRY_ENVIRONMENT PROMETHEUS_PORT ENABLE_METRICS LOG_FORMAT ENABLE_SCHEDULER REDIS_MAX_CONNECTIONS'.split(
      ' ',
    ),
  )('%s is among them', (name) => {
    expect(withoutMeaning).toHaveProperty(name)
  })
})

describe('a misspelled name is told what was meant', () => {
  test.each([
    ['TRUSTED_HOST', 'TRUSTED_HOSTS'],
    ['TRUSTED_HOSTSS', 'TRUSTED_HOSTS'],
    ['COOKIE_SECRUE', 'COOKIE_SECURE'],
    ['SMTP_PASWORD', 'SMTP_PASSWORD'],
    ['SECRET_KEY_FIL', 'SECRET_KEY_FILE'],
    ['FLASK_SECRET_KEV', 'FLASK_SECRET_KEY'],
    ['FRONTEND_BASE', 'FRONTEND_BASE_URL'],
    ['LIMIT_CHAT', 'LIMIT_CHAT_IP'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['DEEPSEK_API_KEY', 'DEEPSEEK_API_KEY'],
  ])('%s: %s', (name, meant) => {
    expect(load({ [name]: 'x' }).warnings).toEqual([`${name} is not known: ${meant} was meant?`])
  })

  test.each(['LIMIT_UPLOAD', 'SMTP_ENCRYPTION', 'LLM_TEMPERATURE', 'ADMIN_PHONE'])(
    '%s is not known',
    (name) => {
      expect(load({ [name]: 'x' }).warnings).toEqual([`${name} is not known; see \`cloudchat help config\``])
    },
  )
})

test('everything else in an environment is nobody’s business', () => {
  const env = Object.fromEntries(
    'PATH HOME USER MAIL LANG SHELL PWD TERM TZ HOSTNAME LOGNAME EDITOR NODE_ENV CI XDG_DATA_DIRS STRIPE_API_KEY AWS_SECRET_ACCESS_KEY PGHOST npm_config_registry BUN_INSTALL JOURNAL_STREAM INVOCATION_ID BASE_URL OPENAI_LOG ANTHROPIC_VERSION SITE PORTS HOSTS KUBERNETES_PORT'
      .split(' ')
      .map((name) => [name, 'x']),
  )
  expect({ ...load(env), secretKey: '' }).toEqual({ ...load(), secretKey: '' })
})
