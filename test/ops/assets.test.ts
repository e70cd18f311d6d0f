import { beforeEach, expect, test } from 'bun:test'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { makeOnce } from '../../ops/assets/stamp.ts'
import { makeWeb } from '../../ops/assets/web.ts'
import type { WebFile, WebManifest } from '../../src/lib/assets.ts'
import { tempFolder } from '../support/temp-folder.ts'

let root: string
beforeEach(() => {
  root = tempFolder('assets')
  mkdirSync(join(root, 'src', 'web'), { recursive: true })
  write('index.html', '<link rel="stylesheet" href="./a.css"><script type="module" src="./a.ts"></script>')
  write('a.css', 'body { color: red }')
  write('a.ts', `console.log(${JSON.stringify('something long enough to be worth compressing '.repeat(9))})`)
})

test('the page and what it loads, named by content, and linked relatively', async () => {
  await makeWeb(root)
  const files = manifest()
  const kinds = Object.values(files).map(({ path, contentType }) => [
    path.replace(/-\w+\./, '-HASH.'),
    contentType.split(';')[0],
  ])
  expect(kinds.toSorted()).toEqual([
    ['below.html', 'text/html'],
    ['index-HASH.css', 'text/css'],
    ['index-HASH.js', 'text/javascript'],
    ['index.html', 'text/html'],
  ])
  const page = readAsset(files['index.html']!.copies.identity).toString()
  for (const { path, immutable } of Object.values(files)) {
    expect(immutable).toBe(!path.endsWith('.html'))
    if (immutable) expect(page).toContain(`"./${path}"`)
  }
})

test('compressed copies hold the same, and there is none that gains nothing', async () => {
  await makeWeb(root)
  for (const { path, copies } of Object.values(manifest())) {
    const content = readAsset(copies.identity)
    if (path.endsWith('.js')) expect(Object.keys(copies)).toEqual(['identity', 'br', 'gzip'])
    if (path.endsWith('.css')) expect(Object.keys(copies)).toEqual(['identity'])
    if (copies.br) expect(brotliDecompressSync(readAsset(copies.br)).equals(content)).toBe(true)
    if (copies.gzip) expect(gunzipSync(readAsset(copies.gzip)).equals(content)).toBe(true)
  }
})

test('a change makes a new name and leaves nothing of the old one; no change makes nothing', async () => {
  expect(await makeWeb(root)).toBe('made')
  const before = manifest()
  expect(await makeWeb(root)).toBe('kept')
  write('a.css', 'body { color: blue }')
  expect(await makeWeb(root)).toBe('made')
  const changed = Object.keys(manifest()).filter((path) => before[path] === undefined)
  expect(changed).toEqual([expect.stringMatching(/\.css$/)])
  const [old] = Object.keys(before).filter((path) => path.endsWith('.css'))
  expect(() => readAsset(`web/${old}`)).toThrow('ENOENT')
})

test('a page that does not build is an error, and what was there stays', async () => {
  await makeWeb(root)
  const before = manifest()
  write('a.ts', 'this is not a program')
  expect(await makeWeb(root).catch(() => 'refused')).toBe('refused')
  expect(manifest()).toEqual(before)
})

test('what was made is made again when its inputs change or it is gone', async () => {
  const result = join(root, 'dist', 'result')
  let count = 0
  const make = async (input: string) => {
    await makeOnce(root, 'thing', [input], result, async () => writeFileSync(result, String(++count)))
    return readFileSync(result, 'utf8')
  }
  mkdirSync(join(root, 'dist'))
  expect(await make('a')).toBe('1')
  expect(await make('a')).toBe('1')
  expect(await make('b')).toBe('2')
  rmSync(result)
  expect(await make('b')).toBe('3')
})

function write(name: string, content: string): void {
  writeFileSync(join(root, 'src', 'web', name), content)
}

function readAsset(name: string): Buffer {
  return readFileSync(join(root, 'dist', 'assets', name))
}

function manifest(): Record<string, WebFile> {
  const { files } = JSON.parse(readAsset('web/manifest.json').toString()) as WebManifest
  return Object.fromEntries(files.map((file) => [file.path, file]))
}
