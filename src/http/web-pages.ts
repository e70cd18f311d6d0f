import { readFileSync } from 'node:fs'
import { Elysia } from 'elysia'
import type { Config, SiteLogo } from '../config.ts'
import { assetPath, type WebFile, type WebManifest } from '../lib/assets.ts'
import { isId } from '../lib/ids.ts'
import { adminParts, pageNames } from '../lib/page-addresses.ts'
import { isLinkToken } from '../lib/tokens.ts'
import { missingPage } from './missing-page.ts'
import { pathOf } from './path-of.ts'
import { siteManifest } from './site-manifest.ts'
import { type StaticFile, sendFile } from './static.ts'

const forever = { 'cache-control': 'public, max-age=31536000, immutable' }
const askAgain = { 'cache-control': 'no-cache' }
/** The address of this page may hold a token: no other site shall hear of it. */
const unmentioned = { ...askAgain, 'referrer-policy': 'no-referrer' }
const unmentionedAnywhere = { ...unmentioned, 'x-robots-tag': 'noindex, nofollow' }

/**
 * The page inside the page that draws diagrams: these have style sheets of their own. Nothing that comes with a diagram
 * runs there, and it asks nobody for anything but its own scripts.
 */
const drawing = {
  ...askAgain,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; '),
}

/**
 * The web pages and all that they load, below each prefix. `siteName`: as it is now. Throws when they were not built.
 */
export function webPages(
  prefixes: readonly string[],
  { docs, siteLogo }: Pick<Config, 'docs' | 'siteLogo'>,
  siteName: () => Promise<string>,
) {
  const { files } = readManifest()
  const page = findFile(files, 'index.html')
  const pageBelow = findFile(files, 'below.html')
  const reference = findFile(files, 'docs.html')
  const manifest = files.find(({ path }) => path.endsWith('.webmanifest'))
  const describe = manifest && siteManifest(textOf(manifest), siteLogo)
  const others = new Map(
    files
      .filter((file) => ![page, pageBelow, reference].includes(file))
      .map((file) => [file.path, { ...toStaticFile(file), headers: headersOf(file) }]),
  )
  const refuse = missingPage(textOf(page))
  const routes = new Elysia({ name: 'web-pages', detail: { hide: true } })
  for (const prefix of prefixes) {
    for (const name of ['', ...pageNames]) addPage(routes, `${prefix}/${name}`, toStaticFile(page))
    for (const part of adminParts) addPage(routes, `${prefix}/admin/${part}`, toStaticFile(pageBelow))
    const refuseHere = (request: Request) => refuse(request, prefix)
    addConversation(routes, `${prefix}/c`, toStaticFile(pageBelow), refuseHere)
    addShared(routes, `${prefix}/s`, toStaticFile(pageBelow), refuseHere)
    // By one route, not by hundreds: a diagram alone may load some of eighty files.
    routes.get(`${prefix}/*`, async ({ request }) => {
      const path = pathOf(request).slice(prefix.length + 1)
      if (describe && path === manifest?.path) return describe(await siteName())
      if (siteLogo !== null && path === siteLogo.path) return sendLogo(siteLogo)
      const file = others.get(path)
      return file ? sendFile(file, request, file.headers) : refuseHere(request)
    })
    if (docs) addReference(routes, prefix, toStaticFile(reference))
  }
  return routes
}

/** An SVG that is opened by itself is a document of ours: nothing in it may act as one. */
function sendLogo({ bytes, contentType }: SiteLogo): Response {
  const headers = {
    ...forever,
    'content-type': contentType,
    'content-security-policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
  }
  return new Response(bytes, { headers })
}

function findFile(files: WebFile[], name: string): WebFile {
  const file = files.find(({ path }) => path === name)
  if (file === undefined) throw new Error(`The web pages lack ${name}. Make them with: bun ops/assets.ts`)
  return file
}

function textOf(file: WebFile): string {
  return readFileSync(toStaticFile(file).copies.identity, 'utf8')
}

function addPage(routes: Elysia, path: string, page: StaticFile): void {
  const headers = path.endsWith('/reset_password') ? unmentioned : askAgain
  routes.get(path, ({ request }) => {
    // The router takes `/login/` for `/login`, but what the page loads is relative to its address.
    if (pathOf(request) !== path) return Response.redirect(path + queryOf(request), 308)
    return sendFile(page, request, headers)
  })
}

/** Under the name that people look for, and the one that other programs have for it. */
function addReference(routes: Elysia, prefix: string, page: StaticFile): void {
  addPage(routes, `${prefix}/docs`, page)
  // Relative: nobody here knows what a proxy has put before it.
  routes.get(`${prefix}/redoc`, () => new Response(null, { status: 308, headers: { location: 'docs' } }))
}

function queryOf({ url }: Request): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start)
}

type Refuse = (request: Request) => Response

/** Of anybody: the page asks for the conversation, and shows what it is told. */
function addConversation(routes: Elysia, folder: string, page: StaticFile, refuse: Refuse): void {
  routes.get(`${folder}/:id`, ({ request, params }) => {
    if (!isId(params.id)) return refuse(request)
    const path = `${folder}/${params.id.toLowerCase()}`
    if (pathOf(request) !== path) return Response.redirect(path + queryOf(request), 308)
    return sendFile(page, request, askAgain)
  })
}

/** The same for what somebody has shared; who has the token alone may see it. */
function addShared(routes: Elysia, folder: string, page: StaticFile, refuse: Refuse): void {
  routes.get(`${folder}/:token`, ({ request, params: { token } }) => {
    if (!isLinkToken(token)) return refuse(request)
    const path = `${folder}/${token}`
    if (pathOf(request) !== path) return Response.redirect(path + queryOf(request), 308)
    return sendFile(page, request, unmentionedAnywhere)
  })
}

function headersOf({ path, immutable }: WebFile): Record<string, string> {
  if (path === 'diagram-frame.html') return drawing
  return immutable ? forever : askAgain
}

function readManifest(): WebManifest {
  const path = assetPath('web/manifest.json')
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path} is missing. Make it with: bun ops/assets.ts`, { cause })
  }
}

function toStaticFile({ copies, ...file }: WebFile): StaticFile {
  const { identity, ...compressed } = copies
  const found = Object.entries(compressed).map(([encoding, name]) => [encoding, assetPath(name)])
  return { ...file, copies: { identity: assetPath(identity), ...Object.fromEntries(found) } }
}
