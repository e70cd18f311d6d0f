import { join } from 'node:path'
import { isCompiled } from './version.ts'

/**
 * Where a generated file is: in `dist/assets` of a checkout, or inside the executable. There it can be read
 * (`Bun.file`, `readFileSync`) and listed, but not opened as a descriptor nor streamed by `createReadStream`.
 */
export function assetPath(name: string): string {
  return isCompiled ? join(import.meta.dir, 'assets', name) : join(root, 'dist', 'assets', name)
}

/** The folder of migrations, likewise. */
export function migrationsPath(): string {
  return isCompiled ? join(import.meta.dir, 'drizzle') : join(root, 'drizzle')
}

const root = join(import.meta.dir, '..', '..')

/** `web/manifest.json`: all files of the web pages. */
export interface WebManifest {
  files: WebFile[]
}

export interface WebFile {
  /** Under the root of the site: `index.html`, `main-1a2b3c4d.js`. */
  path: string
  contentType: string
  /** Of the content. */
  hash: string
  /** True: the name changes with the content, so it may be kept for ever. */
  immutable: boolean
  /** Names of assets: the file itself and its compressed copies, where they are smaller. */
  copies: { identity: string; br?: string; gzip?: string }
}
