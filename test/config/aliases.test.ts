import { describe, expect, test } from 'bun:test'
import { providerSettings } from '../../src/config/provider-settings.ts'
import type { Table } from '../../src/config/setting.ts'
import { settings } from '../../src/config/settings.ts'
import type { Config } from '../../src/config.ts'
import { faultsOf, load } from './load.ts'

const key = 'k7Rw2mXq9TzL4vBn8sHd'
const smtp = { SMTP_HOST: 'a.example', MAIL_FROM: 'a@a.example' }

/** Alias, canonical name, two values, what else is needed, where it ends up. */
const aliases: [string, string, [string, string], Record<string, string>, (config: Config) => unknown][] = [
  ['FLASK_SECRET_KEY', 'SECRET_KEY', [key, `${key}x`], {}, (c) => c.secretKey],
  ['JWT_SECRET', 'SECRET_KEY', [key, `${key}x`], {}, (c) => c.secretKey],
  [
    'ALLOWED_ORIGINS',
    'CORS_ORIGINS',
    ['http://a.example', 'http://b.example'],
    {},
    (c) => c.corsOrigins.join(),
  ],
  ['ALLOWED_HOSTS', 'TRUSTED_HOSTS', ['a.example', 'b.example'], {}, (c) => c.trustedHosts.join()],
  [
    'DB_POOL_SIZE',
    'DATABASE_POOL_SIZE',
    ['7', '8'],
    { DATABASE_URL: 'postgres://h/d' },
    (c) => `${c.database?.poolSize}`,
  ],
  [
    'IMAGE_MODEL',
    'IMAGE_MODELS',
    ['qwen/a', 'qwen/b'],
    { DASHSCOPE_API_KEY: 'k' },
    (c) => `${c.images.models[0]?.provider}/${c.images.models[0]?.model}`,
  ],
  ['SD_MODEL', 'IMAGE_MODELS', ['a', 'b'], { DASHSCOPE_API_KEY: 'k' }, (c) => c.images.models[0]?.model],
  ['REDIS_USER', 'REDIS_USERNAME', ['u', 'v'], {}, (c) => c.redis?.username],
  ['SMTP_USERNAME', 'SMTP_USER', ['u', 'v'], { ...smtp, SMTP_PASS: 'p' }, (c) => c.smtp?.user],
  ['SMTP_PASSWORD', 'SMTP_PASS', ['u', 'v'], { ...smtp, SMTP_USER: 'p' }, (c) => c.smtp?.password],
  ['SMTP_FROM', 'MAIL_FROM', ['a@a.example', 'b@a.example'], { SMTP_HOST: 'a.example' }, (c) => c.mail.from],
  ['QWEN_API_KEY', 'DASHSCOPE_API_KEY', ['k', 'l'], {}, (c) => c.llm.providers[0]?.apiKeys[0]],
  [
    'QWEN_BASE_URL',
    'DASHSCOPE_BASE_URL',
    ['http://a.example/v1', 'http://b.example/v1'],
    {},
    (c) => c.llm.providers[0]?.baseUrl,
  ],
  ['DASHSCOPE_MODEL', 'QWEN_MODEL', ['m', 'n'], { DASHSCOPE_API_KEY: 'k' }, (c) => c.llm.providers[0]?.model],
  [
    'OPENAI_DEFAULT_MODEL',
    'OPENAI_MODEL',
    ['m', 'n'],
    { OPENAI_API_KEY: 'k' },
    (c) => c.llm.providers[0]?.model,
  ],
  [
    'OPENAI_ORGANIZATION',
    'OPENAI_ORG_ID',
    ['o', 'p'],
    { OPENAI_API_KEY: 'k' },
    (c) => c.llm.providers[0]?.organization,
  ],
]

describe.each(aliases)('%s is %s', (alias, name, [value, other], needed, read) => {
  test('alone, under either name, and set the same under both', () => {
    for (const env of [{ [alias]: value }, { [name]: value }, { [alias]: value, [name]: value }]) {
      const config = load({ ...needed, ...env })
      expect(read(config)).toBe(value)
      expect(config.warnings).toEqual([])
    }
  })

  test('set differently under both names is refused', () => {
    expect(faultsOf({ ...needed, [alias]: value, [name]: other })).toEqual([
      `${name}: ${name} and ${alias} mean the same and are set differently; keep one`,
    ])
  })
})

test('a fault is told by the name that was used', () => {
  expect(faultsOf({ FLASK_SECRET_KEY: 'short' })).toEqual([
    'FLASK_SECRET_KEY: expected 16 to 1024 characters',
  ])
  expect(faultsOf({ DB_POOL_SIZE: 'x' })).toEqual([
    'DB_POOL_SIZE: expected a whole number from 1 to 200, not "x"',
  ])
})

test('every alias of the table is tried here', () => {
  const known = Object.values({ ...settings, ...providerSettings } as Table).flatMap(
    ({ aliases = [] }) => aliases,
  )
  expect(aliases.map(([alias]) => alias).sort()).toEqual(known.sort())
})
