import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundled } from './web.ts'

/**
 * What formulas look like: KaTeX's style sheet and fonts. Outside the bundle, which would put the fonts into the style
 * sheet of every page. The page knows the version too, so the names change with the content.
 */
export function formulaFiles(root: string): Bundled[] {
  const folder = join(root, 'node_modules', 'katex')
  if (!existsSync(folder)) return []
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  const prefix = `katex-${version}`
  const fonts = join(folder, 'dist', 'fonts')
  const names = readdirSync(fonts).filter((name) => name.endsWith('.woff2'))
  return [
    toFile(`${prefix}.css`, styles(folder, prefix), 'text/css; charset=utf-8'),
    ...names.map((name) => toFile(`${prefix}-${name}`, readFileSync(join(fonts, name)), 'font/woff2')),
  ]
}

/** Of the three forms of each font, all browsers take the first. */
function styles(folder: string, prefix: string): Uint8Array {
  const css = readFileSync(join(folder, 'dist', 'katex.min.css'), 'utf8')
    .replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, '')
    .replaceAll('url(fonts/', `url(${prefix}-`)
  return new TextEncoder().encode(css)
}

function toFile(path: string, bytes: Uint8Array, contentType: string): Bundled {
  return { path, bytes, contentType, immutable: true }
}
