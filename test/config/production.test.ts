import { describe, expect, test } from 'bun:test'
import { isWeakAdminPassword, isWeakKey } from '../../src/config/weak-secrets.ts'
import { faultsOf, load, production } from './load.ts'

describe('in production', () => {
  test('what is required suffices, without a warning', () => {
    const config = load(production)
    expect(config.warnings).toEqual([])
    expect(config).toMatchObject({
      production: true,
      frontendBaseUrl: 'https://chat.example.com',
      trustedHosts: ['chat.example.com', 'localhost', '127.0.0.1', '::1'],
      cookieSecure: 'auto',
      auth: { defaultPlan: 'free' },
    })
  })

  test('what is missing is named at once', () => {
    expect(faultsOf({ ENVIRONMENT: 'production' })).toEqual([
      'SECRET_KEY: required in production: at least 16 random characters (openssl rand -hex 32)',
      'FRONTEND_BASE_URL: required in production: an address such as https://chat.example.com',
    ])
  })

  const refused: [Record<string, string>, string][] = [
    [{ DEBUG: 'true' }, 'DEBUG: expected 0 in production'],
    [
      { DEBUG_RETURN_RESET_TOKEN: '1' },
      'DEBUG_RETURN_RESET_TOKEN: expected 0 in production: it lets anybody in',
    ],
    [
      { FRONTEND_BASE_URL: 'http://chat.example.com' },
      'FRONTEND_BASE_URL: expected an https:// address in production, not "http://chat.example.com"',
    ],
    [
      { SECRET_KEY: '', FLASK_SECRET_KEY: 'default-secret-key' },
      'FLASK_SECRET_KEY: expected random characters, not a known or weak secret (openssl rand -hex 32)',
    ],
    [
      { ADMIN_USERNAME: 'admin', ADMIN_PASSWORD: 'admin123' },
      'ADMIN_PASSWORD: expected a password that is not a default, a common one or the name of the account',
    ],
    [
      { DATABASE_URL: 'postgresql://cloudchat:PASSWORD@127.0.0.1:6432/cloudchat' },
      "DATABASE_URL: expected the database's own password in place of the example's",
    ],
    [
      { DATABASE_URL: 'postgresql+psycopg2://cloudchat:***@127.0.0.1:6432/cloudchat' },
      "DATABASE_URL: expected the database's own password in place of the example's",
    ],
    [
      { ALLOWED_ORIGINS: '*' },
      'ALLOWED_ORIGINS: expected a comma-separated list, each an origin such as https://www.example.com (not *: cookies go along), not "*"',
    ],
  ]

  test.each(refused)('%j is refused', (env, fault) => {
    expect(faultsOf({ ...production, ...env })).toEqual([fault])
  })

  const doubtful: [Record<string, string>, string][] = [
    [
      { DATABASE_URL: '' },
      'DATABASE_URL is not set: the embedded database may lose its last writes in a power cut',
    ],
    [{ SMTP_HOST: '' }, 'SMTP_HOST is not set: mails, links to reset passwords among them, reach nobody'],
    [{ DEEPSEEK_API_KEY: '' }, 'no model provider is set: the demo model answers'],
    [{ COOKIE_SECURE: '0' }, 'COOKIE_SECURE=0: cookies also travel without encryption'],
    [{ TRUSTED_HOSTS: '*' }, 'TRUSTED_HOSTS: any Host is answered'],
    [
      { ALLOWED_HOSTS: 'other.example' },
      'ALLOWED_HOSTS lacks the host of FRONTEND_BASE_URL: browsers will be refused',
    ],
  ]

  test.each(doubtful)('%j is worth a warning', (env, warning) => {
    expect(load({ ...production, ...env }).warnings).toEqual([warning])
  })

  test('no secret is made on the way to a refusal, nor kept when one is given', async () => {
    const DATA_DIR = `/tmp/cloudchat-none-${crypto.randomUUID()}`
    expect(faultsOf({ DATA_DIR, PORT: 'x' })).toHaveLength(1)
    load({ ...production, DATA_DIR })
    expect(await Bun.file(`${DATA_DIR}/secret_key`).exists()).toBe(false)
  })
})

describe('elsewhere the same is only worth a warning', () => {
  test.each([
    [{ JWT_SECRET: 'default-secret-key' }, 'JWT_SECRET is a known or weak one; production refuses it'],
    [
      { ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'admin123' },
      'ADMIN_PASSWORD is a known or weak one; production refuses it',
    ],
    [
      { DEBUG_RETURN_RESET_TOKEN: '1' },
      'DEBUG_RETURN_RESET_TOKEN: whoever asks can reset the password of anybody',
    ],
  ])('%j', (env: Record<string, string>, warning) => {
    expect(load(env).warnings).toEqual([warning])
  })
})

describe('a weak key', () => {
  test.each([
    'default-secret-key',
    'dev-secret-key',
    'dev_secret',
    'change-me',
    'your-secret-key-change-in-production',
    'your-super-secret-jwt-key-here',
    'please_change_me_123',
    '<replace-with-random-text>',
    'secretsecretsecret',
    'ThisIsMySecretKey2024',
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    '12341234123412341234',
  ])('%s', (key) => {
    expect(isWeakKey(key)).toBe(true)
  })

  test('a random one is not', () => {
    for (let round = 0; round < 500; round++) {
      const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(24)))
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(isWeakKey(bytes.toString(encoding))).toBe(false)
      }
    }
  })
})

describe('a weak password of the administrator', () => {
  test.each([
    'admin123',
    'Admin@123',
    'admin123456',
    'password1',
    'P@ssw0rd',
    'passw0rd!',
    'changeme1',
    'qwerty123',
    'abc12345',
    '12345678!',
    'root1234',
    'cloudchat2026',
    'Renda-2026',
    '1q2w3e4r',
    'a1a1a1a1',
  ])('%s', (password) => {
    expect(isWeakAdminPassword(password, ['renda@example.com', 'boss', null])).toBe(true)
  })

  test.each(['correct-horse-battery-9', 'u7Kq!mZ2xw', '天地玄黄 宇宙洪荒 88'])('%s is not', (password) => {
    expect(isWeakAdminPassword(password, ['renda@example.com', 'boss', null])).toBe(false)
  })
})

describe('the administrator', () => {
  test('has a name and a password', () => {
    const password = 'u7Kq!mZ2xw'
    expect(load({ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: password }).auth.admin).toEqual({
      email: 'a@b.example',
      username: null,
      password,
    })
    expect(load({ ADMIN_USERNAME: '管理员', ADMIN_PASSWORD: password }).auth.admin?.username).toBe('管理员')
  })

  test.each([
    [{ ADMIN_EMAIL: 'a@b.example' }, 'ADMIN_PASSWORD: required with ADMIN_EMAIL'],
    [{ ADMIN_PASSWORD: 'u7Kq!mZ2xw' }, 'ADMIN_EMAIL: required with ADMIN_PASSWORD (or ADMIN_USERNAME)'],
    [
      { ADMIN_USERNAME: '12', ADMIN_PASSWORD: 'u7Kq!mZ2xw' },
      'ADMIN_USERNAME: expected 3 to 20 letters, digits and underscores, at least one letter, not "12"',
    ],
    [
      { ADMIN_USERNAME: 'boss', ADMIN_PASSWORD: 'short1' },
      'ADMIN_PASSWORD: expected 8 to 128 characters of at least two kinds out of Latin letters, digits and anything else',
    ],
  ])('%j is refused', (env: Record<string, string>, fault) => {
    expect(faultsOf(env)).toEqual([fault])
  })
})
