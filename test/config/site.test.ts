import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { png } from '../support/image-upstream.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { faultsOf, load } from './load.ts'

const folder = tempFolder('logo')

function write(content: string | Uint8Array): string {
  const file = join(folder, crypto.randomUUID())
  writeFileSync(file, content)
  return file
}

describe('SITE_LOGO_FILE', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
  const good: [string, string | Uint8Array, string, string][] = [
    ['PNG', png, 'image/png', 'png'],
    ['SVG', svg, 'image/svg+xml', 'svg'],
    [
      'SVG with what may come first',
      `\uFEFF<?xml version="1.0"?>\n<!-- <a> -->\n<!DOCTYPE svg>${svg}`,
      'image/svg+xml',
      'svg',
    ],
  ]
  test.each(good)('%s is told by what is in it', (_, content, contentType, ending) => {
    const { siteLogo } = load({ SITE_LOGO_FILE: write(content) })
    expect(siteLogo).toMatchObject({ contentType })
    expect(siteLogo?.path).toMatch(new RegExp(`^site-logo-[0-9a-f]{12}\\.${ending}$`))
    expect(Buffer.from(siteLogo?.bytes ?? []).equals(Buffer.from(content))).toBe(true)
  })

  test('what is no picture, too much, or not there is refused', () => {
    const notPictures = ['', 'text', '<html><svg></svg></html>', '<!-- <svg>']
    for (const content of notPictures) {
      expect(faultsOf({ SITE_LOGO_FILE: write(content) })).toEqual([
        'SITE_LOGO_FILE: expected a picture: SVG, PNG, WebP, JPEG or GIF',
      ])
    }
    expect(faultsOf({ SITE_LOGO_FILE: write(Buffer.concat([png, Buffer.alloc(262_144)])) })).toEqual([
      'SITE_LOGO_FILE: expected a file of at most 256 KiB',
    ])
    expect(faultsOf({ SITE_LOGO_FILE: join(folder, 'none') })).toEqual([
      'SITE_LOGO_FILE: expected a file that can be read (ENOENT)',
    ])
  })
})

describe.each(['TERMS_URL', 'PRIVACY_URL'])('%s', (name) => {
  test('is an address that people can follow', () => {
    const url = 'https://www.example.com/legal?lang=zh#terms'
    const { termsUrl, privacyUrl } = load({ [name]: url })
    expect(name === 'TERMS_URL' ? termsUrl : privacyUrl).toBe(url)
    for (const bad of ['/terms', 'javascript:alert(1)', 'https://a:b@example.com/', 'www.example.com']) {
      const [fault, ...others] = faultsOf({ [name]: bad })
      expect([fault?.split(' ')[0], others]).toEqual([`${name}:`, []])
    }
  })
})
