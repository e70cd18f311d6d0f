import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { providerSettings } from '../../src/config/provider-settings.ts'
import { namesOf, type Table } from '../../src/config/setting.ts'
import { settings } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/config.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { faultsOf, load } from './load.ts'

const folder = tempFolder('secrets')
const secrets = Object.entries({ ...settings, ...providerSettings } as Table)
  .filter(([, { secret }]) => secret)
  .flatMap(([name, setting]) => namesOf(name, setting))

test('these are secrets, and nothing else', () => {
  expect(secrets.sort()).toEqual([
    'ADMIN_PASSWORD',
    'ANTHROPIC_API_KEY',
    'COHERE_API_KEY',
    'DASHSCOPE_API_KEY',
    'DATABASE_URL',
    'DEEPSEEK_API_KEY',
    'FLASK_SECRET_KEY',
    'HUGGINGFACE_API_KEY',
    'JWT_SECRET',
    'METRICS_TOKEN',
    'OLD_SECRET_KEY',
    'OPENAI_API_KEY',
    'QWEN_API_KEY',
    'REDIS_PASSWORD',
    'REDIS_URL',
    'S3_SECRET_ACCESS_KEY',
    'SECRET_KEY',
    'SMTP_PASS',
    'SMTP_PASSWORD',
  ])
})

/** Whatever reaches a person: faults, or the warnings of what was accepted. */
function spoken(env: Record<string, string>): string {
  try {
    return load(env).warnings.join('\n')
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message}\n${error.faults.join('\n')}`
    throw error
  }
}

describe('no secret is ever shown', () => {
  // The mark makes sure that it is the value, and not a word of ours, that is found.
  const secret = fc
    .tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 20, unit: 'grapheme' }))
    .map(([before, after]) => ({ mark: 'zQ9xJk', value: `${before}zQ9xJk${after}` }))
  const shape = fc.constantFrom(
    (value: string) => value,
    (value: string) => `postgres://u:${value}@h/d`,
    (value: string) => `postgresql://${value}`,
    (value: string) => `mysql://u:${value}@h/d`,
    (value: string) => `postgres://u:p@h/d?sslmode=${value}`,
    (value: string) => `redis://:${value}@h:x/1`,
    (value: string) => `"${value}"`,
    (value: string) => `${value} # ${value}`,
  )

  test('under any secret name, in any shape, in production or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        secret,
        shape,
        fc.boolean(),
        fc.record({ other: fc.boolean(), file: fc.boolean() }),
        (name, { mark, value }, shaped, inProduction, { other, file }) => {
          const env: Record<string, string> = { [name]: shaped(value).replaceAll('\0', '') }
          if (inProduction) env.ENVIRONMENT = 'production'
          if (other) Object.assign(env, { SECRET_KEY: `${mark}-other`, DATABASE_URL: `postgres://${mark}@h` })
          if (file) env[`${name}_FILE`] = `/nowhere/${mark}`
          expect(spoken(env)).not.toContain(mark)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('nor a password or key in an address that is not a secret itself', () => {
    const addresses = ['https://u:zQ9xJk@h/?', 'u:zQ9xJk@h', 'https://h/?key=zQ9xJk', 'https://u:zQ9/xJk@h/#']
    for (const name of ['OLLAMA_BASE_URL', 'FRONTEND_BASE_URL', 'CORS_ORIGINS', 'OPENAI_BASE_URL']) {
      for (const address of addresses) {
        const text = spoken({ [name]: address })
        expect(text).toStartWith(`${name}: expected`)
        expect(text).not.toMatch(/zQ9|xJk/)
      }
    }
  })

  test('nor one that stands where its file should', () => {
    expect(faultsOf({ SECRET_KEY_FILE: 'zQ9xJk-is-my-secret' })).toEqual([
      'SECRET_KEY_FILE: expected a file that can be read (ENOENT)',
    ])
  })
})

describe('NAME_FILE', () => {
  test.each(secrets)('%s_FILE holds the path of the secret', (name) => {
    const value =
      { DATABASE_URL: 'postgres://u:a b#@h/d', REDIS_URL: 'redis://:pw@h/1' }[name] ?? 'k7Rw2mXq9TzL4v#n'
    const file = write(name, value.replace('a b#', 'ab'))
    const needed: Record<string, string> = name.startsWith('SMTP')
      ? { SMTP_HOST: 'h', SMTP_USER: 'a@b.example' }
      : name.startsWith('ADMIN')
        ? { ADMIN_EMAIL: 'a@b.example' }
        : name.startsWith('S3')
          ? { S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k' }
          : {}
    expect(JSON.stringify(load({ ...needed, [`${name}_FILE`]: file }))).toContain(
      value.replace('redis://:', '').replace('@h/1', '').replace('a b#', 'ab'),
    )
  })

  test('a line’s end behind it is not part of it; blanks, # and quotes are', () => {
    for (const end of ['', '\n', '\r\n', '\n\n']) {
      expect(load({ REDIS_PASSWORD_FILE: write('end', ` "a # b" ${end}`) }).redis?.password).toBe(' "a # b" ')
    }
  })

  test('missing, a folder, or empty is refused', () => {
    expect(faultsOf({ REDIS_PASSWORD_FILE: join(folder, 'none') })).toEqual([
      'REDIS_PASSWORD_FILE: expected a file that can be read (ENOENT)',
    ])
    expect(faultsOf({ REDIS_PASSWORD_FILE: folder })).toEqual([
      'REDIS_PASSWORD_FILE: expected a file that can be read (EISDIR)',
    ])
    expect(faultsOf({ REDIS_PASSWORD_FILE: write('empty', '\n') })).toEqual([
      'REDIS_PASSWORD_FILE: the file is empty',
    ])
  })

  test('beside NAME is refused, even with the same value', () => {
    expect(faultsOf({ SMTP_PASSWORD: 'x', SMTP_PASSWORD_FILE: write('same', 'x') })).toEqual([
      'SMTP_PASSWORD: set either SMTP_PASSWORD or SMTP_PASSWORD_FILE, not both',
    ])
  })

  test('contradicts an alias that says something else', () => {
    expect(
      faultsOf({ SECRET_KEY_FILE: write('a', 'k7Rw2mXq9TzL4vBn'), JWT_SECRET: 'another-k7Rw2mXq9' }),
    ).toEqual([
      'SECRET_KEY_FILE: SECRET_KEY_FILE and JWT_SECRET mean the same and are set differently; keep one',
    ])
  })

  test('of a provider that is known by its address alone', () => {
    const { providers } = load({
      VLLM_BASE_URL: 'http://gpu:8000/v1',
      VLLM_API_KEY_FILE: write('vllm', 'sk-local\n'),
    }).llm
    expect(providers[0]?.apiKeys).toEqual(['sk-local'])
  })

  test('of the prompt, which may have lines and headings', () => {
    const prompt = '# Who you are\n\nA guide. # Not more.'
    expect(load({ SYSTEM_PROMPT_FILE: write('prompt', `${prompt}\n`) }).cloudchat.systemPrompt).toBe(prompt)
  })

  test('of anything else has no effect, and says so', () => {
    expect(load({ PORT_FILE: write('port', '1') })).toMatchObject({
      port: 5000,
      warnings: ['PORT_FILE has no effect: only secrets are read from files; use PORT'],
    })
  })
})

test('a key that cannot be sent in a header is refused', () => {
  expect(faultsOf({ OPENAI_API_KEY: 'sk-a b' })).toEqual([
    'OPENAI_API_KEY: expected visible ASCII characters, no blanks; several are separated by commas',
  ])
})

function write(name: string, content: string): string {
  const file = join(folder, `${name}-${crypto.randomUUID()}`)
  writeFileSync(file, content)
  return file
}
