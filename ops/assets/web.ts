import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { BuildArtifact } from 'bun'
import type { WebFile, WebManifest } from '../../src/lib/assets.ts'
import { makeOnce } from './stamp.ts'

/** The web pages, bundled for any path that they may be served under, and compressed as well as can be. */
export async function makeWeb(root: string): Promise<'made' | 'kept'> {
  const bundle = await bundleWeb(root)
  const inputs = [readFileSync(import.meta.path), ...bundle.flatMap(({ path, bytes }) => [path, bytes])]
  const target = join(root, 'dist', 'assets', 'web')
  return makeOnce(root, 'web', inputs, target, async () => {
    const fresh = `${target}.${process.pid}`
    mkdirSync(fresh, { recursive: true })
    const manifest: WebManifest = { files: bundle.map((file) => writeCopies(file, fresh)) }
    writeFileSync(join(fresh, 'manifest.json'), JSON.stringify(manifest, null, 2))
    rmSync(target, { recursive: true, force: true })
    renameSync(fresh, target)
  })
}

interface Bundled {
  path: string
  bytes: Uint8Array
  contentType: string
  immutable: boolean
}

async function bundleWeb(root: string): Promise<Bundled[]> {
  const { outputs } = await Bun.build({
    entrypoints: [join(root, 'src', 'web', 'index.html')],
    target: 'browser',
    minify: true,
    splitting: true,
    // Relative, since a proxy may put everything under a path of its own.
    publicPath: './',
    naming: { entry: '[name].[ext]', chunk: '[name]-[hash].[ext]', asset: '[name]-[hash].[ext]' },
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const files = await Promise.all(outputs.map(toBundled))
  return [...files, pageBelow(files)].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function toBundled(output: BuildArtifact): Promise<Bundled> {
  const path = basename(output.path)
  return {
    path,
    bytes: new Uint8Array(await output.arrayBuffer()),
    contentType: output.type,
    immutable: output.hash !== null && path.includes(output.hash),
  }
}

/** The page for addresses one level further down: all that it loads is a level up from there. */
function pageBelow(files: Bundled[]): Bundled {
  const page = files.find(({ path }) => path === 'index.html')
  if (page === undefined) throw new Error('the bundle has no index.html')
  const html = new TextDecoder().decode(page.bytes).replaceAll(/ (src|href)="\.\//g, ' $1="../')
  return { ...page, path: 'below.html', bytes: new TextEncoder().encode(html) }
}

function writeCopies({ path, bytes, contentType, immutable }: Bundled, folder: string): WebFile {
  writeFileSync(join(folder, path), bytes)
  const copies: WebFile['copies'] = { identity: `web/${path}` }
  for (const [name, suffix, compress] of compressors) {
    const compressed = compress(bytes)
    if (compressed.length > bytes.length * 0.9) continue
    writeFileSync(join(folder, path + suffix), compressed)
    copies[name] = `web/${path}${suffix}`
  }
  const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('base64url').slice(0, 22)
  return { path, contentType, hash, immutable, copies }
}

const compressors = [
  ['br', '.br', (bytes: Uint8Array) => brotliCompressSync(bytes, { params: brotliParams(bytes.length) })],
  ['gzip', '.gz', (bytes: Uint8Array) => gzipSync(bytes, { level: 9 })],
] as const

function brotliParams(size: number) {
  return { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: size }
}
