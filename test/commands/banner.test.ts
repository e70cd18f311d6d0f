import { describe, expect, test } from 'bun:test'
import { banner } from '../../src/commands/banner.ts'
import { loadConfig } from '../../src/config.ts'
import { tempFolder } from '../support/temp-folder.ts'

const url = 'http://127.0.0.1:5000'
const bannerOf = (env: Record<string, string> = {}) =>
  banner(loadConfig({ DATA_DIR: tempFolder('banner'), ...env }), url)

const servers = {
  DATABASE_URL: 'postgresql://chat:secret-of-the-database@127.0.0.1/chat',
  REDIS_PASSWORD: 'secret-of-redis',
  SMTP_HOST: 'smtp.example.com',
  MAIL_FROM: 'a@example.com',
  DEEPSEEK_API_KEY: 'sk-secret-of-the-model',
}

describe('the banner', () => {
  test('says where to open it, what is embedded and how to get a real model', () => {
    const text = bannerOf()
    for (const part of [url, 'PostgreSQL (', 'in-process store', 'mail to the log', 'demo model'])
      expect(text).toContain(part)
    for (const name of ['DEEPSEEK_API_KEY', 'DASHSCOPE_API_KEY', 'OPENAI_BASE_URL'])
      expect(text).toContain(name)
  })

  test('with servers for everything has nothing of that, and no secret', () => {
    const text = bannerOf(servers)
    expect(text).toContain(url)
    for (const part of ['Embedded', 'demo', 'API_KEY', 'secret-of']) expect(text).not.toContain(part)
  })

  test('its values stand in one column, Chinese characters being two wide', () => {
    const rows = bannerOf()
      .split('\n')
      .filter((line) => /^ {2}\S.* {2,}\S/.test(line))
    expect(rows).toHaveLength(3)
    const columns = rows.map((line) => Bun.stringWidth(/^ {2}\S.*? {2,}/.exec(line)?.[0] ?? ''))
    expect(new Set(columns).size).toBe(1)
  })
})
