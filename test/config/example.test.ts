import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { providerSettings } from '../../src/config/provider-settings.ts'
import { isFromFile, namesOf, type Table } from '../../src/config/setting.ts'
import { settings } from '../../src/config/settings.ts'
import { faultsOf, load } from './load.ts'

const lines = readFileSync('ops/cloudchat.env.example', 'utf8').split('\n')
const active = assignments(lines)
const commented = assignments(lines.map((line) => /^#([A-Z].*)$/.exec(line)?.[1] ?? ''))

/** What an operator has to put in. */
const filledIn = {
  ...active,
  SECRET_KEY: 'f3c9a1d27b8e4056',
  DATABASE_URL: active.DATABASE_URL?.replace('PASSWORD', '4fd1c0'),
  REDIS_PASSWORD: '9be21a',
  SMTP_PASS: 'x81kd0',
  DEEPSEEK_API_KEY: 'sk-0123',
}

describe('the example of an environment file', () => {
  test('is one that systemd understands: assignments, comments on lines of their own', () => {
    for (const line of lines) expect(line).toMatch(/^$|^#|^[A-Z][A-Z0-9_]*=[^"'\\#]*$/)
  })

  test('filled in, is accepted in production without a warning', () => {
    const config = load(filledIn)
    expect(config.warnings).toEqual([])
    expect(config).toMatchObject({ production: true, smtp: { security: 'starttls' }, redis: { port: 6379 } })
  })

  test('as it is, is refused for what it lacks', () => {
    const refused = faultsOf(active).map((fault) => fault.split(':')[0])
    expect(refused.sort()).toEqual(['DATABASE_URL', 'SECRET_KEY', 'SMTP_PASS'])
  })

  test('has every setting, and no name that is not one', () => {
    const table: Table = { ...settings, ...providerSettings }
    const known = Object.entries(table).flatMap(([name, setting]) => [
      ...namesOf(name, setting),
      ...(isFromFile(setting) ? [`${name}_FILE`] : []),
    ])
    const shown = [...Object.keys(active), ...Object.keys(commented)]
    expect(Object.keys(table).filter((name) => !shown.includes(name))).toEqual([])
    expect(shown.filter((name) => !known.includes(name) && !name.startsWith('OLLAMA_'))).toEqual([])
  })

  test('what it comments out is accepted too, one at a time', () => {
    for (const [name, value] of Object.entries(commented)) {
      if (
        ['DEBUG_RETURN_RESET_TOKEN', 'IMAGE_MODELS', 'REDIS_URL'].includes(name) ||
        /^(ADMIN|S3)_/.test(name)
      )
        continue
      expect(
        faultsOf({
          ...filledIn,
          [name]: value
            .replace('/etc/cloudchat/guide.json', 'ops/guide.example.json')
            .replace('/etc/cloudchat/logo.svg', 'src/web/icon.svg'),
        }),
      ).toEqual([])
    }
  })

  test('and the defaults that it shows are the defaults', () => {
    const table: Table = { ...settings, ...providerSettings }
    const ofTheLiveSite = lines.findIndex((line) => line.includes('As on www'))
    const shown = assignments(lines.slice(0, ofTheLiveSite).map((line) => line.replace(/^#(?=[A-Z])/, '')))
    for (const [name, { default: fallback }] of Object.entries(table)) {
      if (fallback === null || ['DATA_DIR', 'ENVIRONMENT'].includes(name) || shown[name] === undefined)
        continue
      expect(`${name}=${shown[name]}`).toBe(`${name}=${fallback}`)
    }
  })
})

/** As systemd reads them: everything behind the first `=`, without blanks around it. */
function assignments(from: string[]): Record<string, string> {
  return Object.fromEntries(
    from.flatMap((line): [string, string][] => {
      const [, name = '', value = ''] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? []
      return name === '' ? [] : [[name, value.trim()]]
    }),
  )
}
