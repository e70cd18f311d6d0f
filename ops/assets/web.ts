import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { BuildArtifact } from 'bun'
import type { WebFile, WebManifest } from '../../src/lib/assets.ts'
import { diagramFiles } from './diagram-files.ts'
import { formulaFiles } from './formula-files.ts'
import { makeOnce } from './stamp.ts'

/** The web pages, bundled for any path that they may be served under, and compressed as well as can be. */
export async function makeWeb(root: string): Promise<'made' | 'kept'> {
  const bundle = await bundleWeb(root)
  const inputs = [readFileSync(import.meta.path), ...bundle.flatMap(({ path, bytes }) => [path, bytes])]
  const target = join(root, 'dist', 'assets', 'web')
  return makeOnce(root, 'web', inputs, target, async () => {
    const fresh = `${target}.${process.pid}`
    mkdirSync(fresh, { recursive: true })
    const manifest: WebManifest = { files: bundle.map((file) => writeCopies(file, fresh, target)) }
    writeFileSync(join(fresh, 'manifest.json'), JSON.stringify(manifest, null, 2))
    rmSync(target, { recursive: true, force: true })
    renameSync(fresh, target)
  })
}

export interface Bundled {
  path: string
  bytes: Uint8Array
  contentType: string
  immutable: boolean
}

async function bundleWeb(root: string): Promise<Bundled[]> {
  const web = join(root, 'src', 'web')
  const { outputs } = await Bun.build({
    ...common,
    entrypoints: [join(web, 'index.html')],
    splitting: true,
    naming,
  })
  const [page, ...files] = takePage(await Promise.all(outputs.map(toBundled)))
  const additions = await bundleAdditions(web, files)
  const whole = changeText(page, (html) => addToHead(html, additions))
  const all = [
    whole,
    pageBelow(whole),
    ...files,
    ...additions,
    ...formulaFiles(root),
    ...(await diagramFiles(root)),
  ]
  const known = new Set(all.map(({ path }) => path))
  const others = (await bundleReference(web, additions)).filter(({ path }) => !known.has(path))
  return [...all, ...others].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The page of the API's reference shares nothing with the others but a few small parts. */
async function bundleReference(web: string, additions: Bundled[]): Promise<Bundled[]> {
  const page = join(web, 'reference', 'docs.html')
  if (!existsSync(page)) return []
  const { outputs } = await Bun.build({ ...common, entrypoints: [page], naming })
  const early = additions.filter(({ path }) => path.endsWith('.js'))
  const files = await Promise.all(outputs.map(toBundled))
  return files.map((file) =>
    file.path === 'docs.html' ? changeText(file, (html) => addToHead(html, early)) : file,
  )
}

export const naming = { entry: '[name].[ext]', chunk: '[name]-[hash].[ext]', asset: '[name]-[hash].[ext]' }

export const common = {
  target: 'browser',
  minify: true,
  // Relative, since a proxy may put everything under a path of its own.
  publicPath: './',
  define: { 'process.env.NODE_ENV': '"production"' },
} as const

/** The page comes first. */
function takePage(files: Bundled[]): [Bundled, ...Bundled[]] {
  const page = files.find(({ path }) => path === 'index.html')
  if (page === undefined) throw new Error('the bundle has no index.html')
  return [page, ...files.filter((file) => file !== page)]
}

/** What the bundler knows no way to: a script that runs before anything is drawn, and the manifest. */
async function bundleAdditions(web: string, files: Bundled[]): Promise<Bundled[]> {
  const early = join(web, 'early.ts')
  const manifest = join(web, 'site.webmanifest')
  const additions: Bundled[] = []
  if (existsSync(early)) {
    const { outputs } = await Bun.build({
      ...common,
      entrypoints: [early],
      format: 'iife',
      naming: '[name]-[hash].[ext]',
    })
    additions.push(...(await Promise.all(outputs.map(toBundled))))
  }
  if (existsSync(manifest)) additions.push(...readWebManifest(manifest, files))
  return additions
}

/** It and the pictures that it names; a vector one is in the bundle already. */
function readWebManifest(path: string, files: Bundled[]): Bundled[] {
  const icon = files.find((file) => /^icon-\w+\.svg$/.test(file.path))
  let text = readFileSync(path, 'utf8').replace('icon.svg', icon?.path ?? 'icon.svg')
  const pictures: Bundled[] = []
  for (const [, name = ''] of text.matchAll(/"\.\/([\w-]+)\.png"/g)) {
    const picture = named(name, 'png', readFileSync(join(path, '..', `${name}.png`)), 'image/png')
    pictures.push(picture)
    text = text.replace(`./${name}.png`, `./${picture.path}`)
  }
  const manifest = named('site', 'webmanifest', new TextEncoder().encode(text), 'application/manifest+json')
  return [manifest, ...pictures]
}

/** By its content, as the bundler names what it finds. */
function named(name: string, extension: string, bytes: Uint8Array, contentType: string): Bundled {
  const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex').slice(0, 8)
  return { path: `${name}-${hash}.${extension}`, bytes, contentType, immutable: true }
}

/** The script first: it keeps nothing waiting, as it is small and would be asked for at once anyway. */
function addToHead(html: string, additions: Bundled[]): string {
  const tags = additions.map(({ path }) => {
    if (path.endsWith('.js')) return `<script src="./${path}"></script>`
    if (!path.endsWith('.webmanifest')) return ''
    return `<link rel="manifest" crossorigin="use-credentials" href="./${path}">`
  })
  return html.replace(/(?=<link|<script)/, tags.join(''))
}

function changeText(file: Bundled, change: (text: string) => string): Bundled {
  return { ...file, bytes: new TextEncoder().encode(change(new TextDecoder().decode(file.bytes))) }
}

export async function toBundled(output: BuildArtifact): Promise<Bundled> {
  const path = basename(output.path)
  return {
    path,
    bytes: new Uint8Array(await output.arrayBuffer()),
    contentType: output.type,
    immutable: output.hash !== null && path.includes(output.hash),
  }
}

/** The page for addresses one level further down: all that it loads is a level up from there. */
function pageBelow(page: Bundled): Bundled {
  return { ...changeText(page, (html) => html.replaceAll('"./', '"../')), path: 'below.html' }
}

/** `before`: where the last ones are. What has not changed since is not compressed again. */
function writeCopies(file: Bundled, folder: string, before: string): WebFile {
  const { path, bytes, contentType, immutable } = file
  const isSame = readIfThere(join(before, path))?.equals(bytes) ?? false
  writeFileSync(join(folder, path), bytes)
  const copies: WebFile['copies'] = { identity: `web/${path}` }
  for (const [name, suffix, compress] of compressors) {
    const compressed = (isSame ? readIfThere(join(before, path + suffix)) : null) ?? compress(bytes)
    if (compressed.length > bytes.length * 0.9) continue
    writeFileSync(join(folder, path + suffix), compressed)
    copies[name] = `web/${path}${suffix}`
  }
  const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('base64url').slice(0, 22)
  return { path, contentType, hash, immutable, copies }
}

/** Another process may be taking it away. */
function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

const compressors = [
  ['br', '.br', (bytes: Uint8Array) => brotliCompressSync(bytes, { params: brotliParams(bytes.length) })],
  ['gzip', '.gz', (bytes: Uint8Array) => gzipSync(bytes, { level: 9 })],
] as const

function brotliParams(size: number) {
  return { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: size }
}
