import { readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

const root = join(import.meta.dir, '../..')

/** A file of the tree as the architecture rules see it. */
export interface SourceFile {
  /** From the project's root, with `/`. */
  path: string
  text: string
  imports: Import[]
}

export interface Import {
  /** A path from the project's root (`src/lib/log.ts`), a package (`drizzle-orm`), or `node:` and `bun`. */
  target: string
  kind: 'file' | 'package' | 'builtin'
  /** Gone at run time: `import type`. */
  isTypeOnly: boolean
}

/** Every source file of a folder of the project. */
export function sourceFiles(folder: 'src' | 'ops' | 'test'): SourceFile[] {
  const paths = [...new Bun.Glob('**/*.{ts,tsx}').scanSync(join(root, folder))].sort()
  return paths.map((path) => readSource(`${folder}/${path.split(sep).join('/')}`))
}

/** The first statement at the outermost level that is no declaration. Formatted code makes this readable by line. */
export function firstActOf({ text }: SourceFile): string | null {
  const declarations =
    /^(import|export|const|let|function|async function|interface|type|class|declare|enum)\b/
  const withoutTexts = text.replace(/`(?:\\.|[^`\\])*`/gs, '``').replace(/\/\*.*?\*\//gs, '')
  const lines = withoutTexts.split('\n').filter((line) => /^[^\s})\]/]/.test(line))
  return lines.find((line) => !declarations.test(line)) ?? null
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, imports: importsOf(path, text) }
}

/** What the text names; what the transpiler leaves of it at run time is no type. */
function importsOf(path: string, text: string): Import[] {
  const transpiler = new Bun.Transpiler({ loader: path.endsWith('x') ? 'tsx' : 'ts' })
  const atRunTime = new Set(transpiler.scanImports(text).map((found) => found.path))
  const named = [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  return [...new Set(named)].map((specifier) => ({
    ...targetOf(path, specifier),
    isTypeOnly: !atRunTime.has(specifier),
  }))
}

const importPattern =
  /^(?:import|export)\b[^'"`;]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

function targetOf(from: string, specifier: string): Pick<Import, 'target' | 'kind'> {
  if (specifier.startsWith('.')) {
    const file = normalize(join(root, dirname(from), specifier))
    return { target: relative(root, file).split(sep).join('/'), kind: 'file' }
  }
  if (/^(node:|bun$|bun:)/.test(specifier)) return { target: specifier, kind: 'builtin' }
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1)
  return { target: name.join('/'), kind: 'package' }
}
