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
