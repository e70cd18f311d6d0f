import { describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { webPages } from '../../src/http/web-pages.ts'

const siteLogo = {
  path: 'site-logo-0123456789ab.svg',
  contentType: 'image/svg+xml',
  bytes: new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
}
const app = new Elysia({ handler: { standardHostname: false } }).use(
  webPages(['', '/cloudchat'], { docs: true, siteLogo }, async () => '云上小站'),
)
const conversation = '/c/0197a000-0000-7000-8000-00000000000a'
const shared = '/s/AAAAAAAAAAAAAAAA-_zz09'
const get = (path: string, headers: Record<string, string> = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers }))

/** What the page at this address makes a browser load. */
async function filesOf(path: string): Promise<string[]> {
  const html = await (await get(path)).text()
  const references = [...html.matchAll(/(?:src|href)="(\.[^"]+)"/g)].map(([, name]) => name ?? '')
  return references.map((name) => new URL(name, `http://localhost${path}`).pathname)
}

/** As the head of a PNG says it. */
async function sizeOf(response: Response): Promise<string> {
  const bytes = new DataView(await response.arrayBuffer())
  expect(bytes.getUint32(0)).toBe(0x89504e47)
  return `${bytes.getUint32(16)}x${bytes.getUint32(20)}`
}

describe('webPages', () => {
  for (const prefix of ['', '/cloudchat']) {
    for (const path of [
      '/',
      '/login',
      '/register',
      '/forgot_password',
      '/reset_password',
      '/admin/users',
      conversation,
      shared,
    ]) {
      test(`${prefix}${path} is a page, asked for again each time`, async () => {
        const response = await get(prefix + path)
        expect(response.status).toBe(200)
        expect(response.headers.get('content-type')).toStartWith('text/html')
        expect(response.headers.get('cache-control')).toBe('no-cache')
        expect(await response.text()).toStartWith('<!doctype html>')
      })
    }

    for (const path of ['/login', '/admin/log', conversation, shared]) {
      test(`all that ${prefix}${path} loads is there and kept for ever`, async () => {
        const files = await filesOf(prefix + path)
        expect(files.length).toBeGreaterThan(1)
        for (const file of files) {
          expect(file).toStartWith(`${prefix}/`)
          const response = await get(file, { 'accept-encoding': 'br' })
          expect(response.status).toBe(200)
          const isManifest = file.endsWith('.webmanifest')
          expect(response.headers.get('cache-control')).toContain(isManifest ? 'no-cache' : 'immutable')
        }
      })
    }
  }

  test('the logo is kept for ever, and nothing in it may act', async () => {
    for (const prefix of ['', '/cloudchat']) {
      const response = await get(`${prefix}/${siteLogo.path}`)
      expect(response.headers.get('content-type')).toBe('image/svg+xml')
      expect(response.headers.get('cache-control')).toContain('immutable')
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*; sandbox$/)
      expect(await response.bytes()).toEqual(siteLogo.bytes)
    }
  })

  test('on a screen the site has its own name and picture', async () => {
    for (const page of ['/', '/cloudchat/admin/users']) {
      const path = (await filesOf(page)).find((file) => file.endsWith('.webmanifest')) ?? ''
      const response = await get(path)
      expect(response.headers.get('content-type')).toBe('application/manifest+json')
      const icons = [{ src: `./${siteLogo.path}`, sizes: 'any', type: siteLogo.contentType }]
      expect(await response.json()).toMatchObject({ name: '云上小站', short_name: '云上小站', icons })
    }
  })

  test('without a logo the pictures of the service are there, for tabs and for the screens of phones', async () => {
    const plain = new Elysia({ handler: { standardHostname: false } }).use(
      webPages(['', '/cloudchat'], { docs: true, siteLogo: null }, async () => 'Plain'),
    )
    const read = (path: string) => plain.handle(new Request(`http://localhost${path}`))
    for (const page of ['/login', '/cloudchat/admin/users']) {
      const html = await (await read(page)).text()
      const linked = (rel: string) => {
        const tag = [...html.matchAll(/<link [^>]*>/g)].find(([text]) => text.includes(`rel="${rel}"`))?.[0]
        const href = /href="([^"]+)"/.exec(tag ?? '')?.[1] ?? ''
        return new URL(href, `http://localhost${page}`).pathname
      }
      expect((await read(linked('icon'))).headers.get('content-type')).toBe('image/svg+xml')
      expect(await sizeOf(await read(linked('apple-touch-icon')))).toBe('180x180')
      const manifest = linked('manifest')
      const { icons } = await (await read(manifest)).json()
      expect(icons).toHaveLength(4)
      for (const { src, sizes, type } of icons) {
        const sent = await read(new URL(src, `http://localhost${manifest}`).pathname)
        expect([sent.status, sent.headers.get('content-type')]).toEqual([200, type])
        expect(sent.headers.get('cache-control')).toContain('immutable')
        if (type === 'image/png') expect(await sizeOf(sent)).toBe(sizes)
      }
    }
  })

  test('120 KB of compressed script are all that is needed to chat', async () => {
    const loaded = new Set<string>()
    const load = async (file: string): Promise<number> => {
      if (loaded.has(file)) return 0
      loaded.add(file)
      const sent = await get(file, { 'accept-encoding': 'br' })
      const script = await (await get(file, { 'accept-encoding': 'identity' })).text()
      // What is imported when it is wanted is not needed yet.
      const imports = [...script.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)].map(
        ([, name]) => `/${name}`,
      )
      const sizes = await Promise.all(imports.map(load))
      return sizes.reduce((sum, size) => sum + size, (await sent.bytes()).length)
    }
    const scripts = (await filesOf('/')).filter((file) => file.endsWith('.js'))
    const sizes = await Promise.all(scripts.map(load))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThan(120 * 1024)
  })

  test('scripts are sent compressed', async () => {
    const script = (await filesOf('/')).find((file) => file.endsWith('.js')) ?? ''
    const response = await get(script, { 'accept-encoding': 'gzip, br' })
    expect(response.headers.get('content-encoding')).toBe('br')
    expect(response.headers.get('content-type')).toStartWith('text/javascript')
  })

  test('the reset page keeps its address to itself', async () => {
    expect((await get('/reset_password')).headers.get('referrer-policy')).toBe('no-referrer')
    expect((await get('/login')).headers.has('referrer-policy')).toBe(false)
  })

  test('what is shared is not to be found, nor its address to be told to others', async () => {
    const response = await get(shared)
    expect(response.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await response.text()).toContain('<meta name="robots" content="noindex"')
    const etag = response.headers.get('etag') as string
    expect((await get(shared, { 'if-none-match': etag })).status).toBe(304)
  })

  test('a wrong slash at the end is put right, with the query', async () => {
    for (const [asked, right] of [
      ['/login/', '/login'],
      ['/cloudchat', '/cloudchat/'],
      [`${shared}/`, shared],
      ['/reset_password/?token=x', '/reset_password?token=x'],
      [`/cloudchat${conversation.toUpperCase().replace('/C/', '/c/')}/?x`, `/cloudchat${conversation}?x`],
    ] as const) {
      const response = await get(asked)
      expect(response.status).toBe(308)
      expect(response.headers.get('location')).toBe(right)
    }
  })

  test('what cannot be the id of a conversation, or a link, has no page', async () => {
    for (const path of [
      '/s/',
      '/s/nonsense',
      `${shared}0`,
      `${shared}/x`,
      '/c/',
      '/c/nonsense',
      `${conversation}0`,
      `${conversation}/x`,
    ]) {
      expect((await get(path)).status).not.toBe(200)
    }
  })
})

describe('where there is nothing', () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'

  test('people get a page that finds all it loads from wherever they are', async () => {
    for (const path of ['/nothing', '/no/thing/here', '/c/nonsense', '/s/nonsense', '/cloudchat/no/thing']) {
      const response = await get(path, { accept })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toStartWith('text/html')
      const html = await response.text()
      const home = new URL(/name="home" content="([^"]+)"/.exec(html)?.[1] ?? '', `http://localhost${path}`)
      expect(home.pathname).toBe(path.startsWith('/cloudchat') ? '/cloudchat/' : '/')
      const script = /src="([^"]+index[^"]+)"/.exec(html)?.[1] ?? ''
      expect((await get(new URL(script, `http://localhost${path}`).pathname)).status).toBe(200)
    }
  })

  test('programs are refused as ever', async () => {
    for (const path of ['/nothing', '/api/v1/nothing', '/cloudchat/api/v1/nothing', '/v1/nothing']) {
      const headers: Record<string, string> = path === '/nothing' ? {} : { accept }
      const response = await get(path, headers)
      expect(response.headers.get('content-type')).not.toStartWith('text/html')
    }
  })
})
