import { expect, test } from 'bun:test'
import { loadConfig } from '../../../src/config.ts'
import { resetDoneLetter, resetLetter, welcomeLetter } from '../../../src/modules/mail/letters.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const config = loadConfig({
  DATA_DIR: tempFolder('letters'),
  SITE_NAME: 'RendaZhang 网站',
  FRONTEND_BASE_URL: 'https://www.example.com',
  PWRESET_TOKEN_TTL: '1200',
})

test('subjects name the site and the occasion, in the language of the reader', () => {
  const subjects = (['zh', 'en'] as const).map((locale) => [
    welcomeLetter(config, 'a@b.cd', locale).subject,
    resetLetter(config, 'a@b.cd', locale, 'x').subject,
    resetDoneLetter(config, 'a@b.cd', locale).subject,
  ])
  expect(subjects).toEqual([
    ['RendaZhang 网站 - 注册成功', 'RendaZhang 网站 - 重置密码', 'RendaZhang 网站 - 密码重置成功'],
    [
      'RendaZhang 网站 - Welcome',
      'RendaZhang 网站 - Reset your password',
      'RendaZhang 网站 - Your password was changed',
    ],
  ])
})

test('a reset letter holds the link on a line of its own and says for how long it works', () => {
  for (const locale of ['zh', 'en'] as const) {
    const { to, text } = resetLetter(config, 'a@b.cd', locale, 'the-token')
    expect(to).toBe('a@b.cd')
    expect(text.split('\n')).toContain(
      'https://www.example.com/reset_password?token=the-token#token=the-token',
    )
    expect(text).toContain('20')
  }
})

test('no letter tells anything about a password but how to choose a new one', () => {
  expect(resetDoneLetter(config, 'a@b.cd', 'en').text).not.toContain('token')
  expect(welcomeLetter(config, 'a@b.cd', 'zh').text).toContain('https://www.example.com')
})
