import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstActOf, type SourceFile, sourceFiles } from './support/source-files.ts'
import { packages } from './support/third-party.ts'

/**
 * Who may import whom, at run time (types may come from anywhere). The first room that a file fits is its room;
 * a file may always import its own folder, but for what `never` says. `.` is the file's own folder.
 */
const rooms: { room: string; files: string; mayImport: string[]; never?: string[] }[] = [
  {
    room: 'the command line',
    files: 'src/{main.ts,commands/**}',
    mayImport: ['src/**'],
    never: ['src/main.ts'],
  },
  {
    room: 'the table of contents',
    files: 'src/app.ts',
    mayImport: [
      'src/http/**',
      'src/modules/*/{routes,*-routes}.ts',
      'src/faces/*/routes.ts',
      'src/errors.ts',
      'src/lib/**',
    ],
  },
  {
    room: 'what is made once',
    files: 'src/deps.ts',
    mayImport: ['src/{db,kv,mail,llm,blobs,metrics,lib}/**', 'src/config.ts', 'src/errors.ts'],
  },
  {
    // What they show is other modules' affair; what they change goes through use cases that write it down.
    room: 'administrators’ routes',
    files: 'src/modules/admin/{routes,*-routes}.ts',
    mayImport: ['src/modules/*/*.ts', 'src/http/**', 'src/errors.ts', 'src/lib/**'],
    never: ['src/modules/*/{routes,store,*-store}.ts'],
  },
  {
    room: 'routes',
    files: 'src/modules/*/{routes,*-routes,schema,*-schema,guard,operations}.ts',
    mayImport: [
      'src/modules/auth/{guard,api-limits,watch-caller,watch-session}.ts',
      'src/modules/*/{schema,*-schema}.ts',
      'src/http/**',
      'src/errors.ts',
      'src/lib/**',
    ],
    never: ['./{store,*-store}.ts'],
  },
  {
    room: 'stores',
    files: 'src/modules/*/{store,*-store}.ts',
    mayImport: ['src/db/**', 'src/errors.ts', 'src/lib/**'],
    never: ['./{routes,*-routes,schema,*-schema,guard,operations}.ts'],
  },
  {
    room: 'use cases',
    files: 'src/modules/*/*.ts',
    mayImport: ['src/modules/*/*.ts', 'src/errors.ts', 'src/lib/**'],
    never: ['src/modules/*/{routes,*-routes,schema,*-schema,guard,operations}.ts'],
  },
  {
    room: 'faces',
    files: 'src/faces/**',
    mayImport: ['src/modules/*/*.ts', 'src/http/**', 'src/errors.ts', 'src/lib/**'],
    never: ['src/modules/*/{routes,schema,*-schema,operations,store,*-store}.ts'],
  },
  { room: 'http', files: 'src/http/**', mayImport: ['src/errors.ts', 'src/kv/**', 'src/lib/**'] },
  {
    room: 'seams',
    files: 'src/{db,kv,mail,llm,blobs,metrics}/**',
    mayImport: ['src/errors.ts', 'src/lib/**'],
  },
  {
    room: 'settings',
    files: 'src/config{.ts,/**}',
    mayImport: ['src/config/**', 'src/errors.ts', 'src/lib/**'],
  },
  { room: 'errors', files: 'src/errors.ts', mayImport: [] },
  { room: 'leaves', files: 'src/lib/**', mayImport: ['src/errors.ts', 'package.json'] },
  { room: 'the page', files: 'src/web/**', mayImport: ['src/web/**', 'src/lib/page-addresses.ts'] },
]

/** Modules import only rightwards; those of the second line import none and are imported by none. */
const moduleLine = [
  'admin',
  'account',
  'chat',
  'shares',
  'library',
  'images',
  'files',
  'conversations',
  'keys',
  'usage',
  'models',
  'auth',
  'mail',
  'settings',
]
const modulesBeside = ['reference', 'site', 'status']
/** What they may know of the line. */
const knownBeside = ['models', 'settings']

const atTheTop = [
  '.biome.json',
  '.ci',
  '.gitattributes',
  '.githooks',
  '.gitignore',
  'LICENSE',
  'README.md',
  'bun.lock',
  'bunfig.toml',
  'drizzle',
  'ops',
  'package.json',
  'src',
  'test',
  'tsconfig.json',
]
const notInGit = ['.env', '.git', 'data', 'dist', 'node_modules']

const root = join(import.meta.dir, '..')
const source = sourceFiles('src')
const everything = [...source, ...sourceFiles('ops'), ...sourceFiles('test')]

describe('who may import whom', () => {
  test('there is something to check', () => {
    expect(source.length).toBeGreaterThan(50)
    expect(source.flatMap((file) => file.imports).length).toBeGreaterThan(150)
  })

  test('every file has a room', () => {
    expect(source.filter((file) => !roomOf(file)).map((file) => file.path)).toEqual([])
  })

  test('a room imports only what the table allows', () => {
    const trespasses = source.flatMap((file) =>
      file.imports
        .filter((found) => found.kind === 'file' && !found.isTypeOnly && !isAllowed(file, found.target))
        .map((found) => `${file.path} (${roomOf(file)?.room}) imports ${found.target}`),
    )
    expect(trespasses).toEqual([])
  })

  test('modules import only rightwards', () => {
    const trespasses = source.flatMap((file) => {
      const from = moduleOf(file.path)
      if (!from) return []
      return file.imports
        .filter((found) => !found.isTypeOnly)
        .map((found) => moduleOf(found.target))
        .filter((to) => to !== null && to !== from && !isRightOf(from, to))
        .map((to) => `${file.path} imports the module ${to}`)
    })
    expect(trespasses).toEqual([])
  })

  test('every module has its place', () => {
    const modules = readdirSync(join(root, 'src/modules'))
    expect(modules.filter((name) => ![...moduleLine, ...modulesBeside].includes(name))).toEqual([])
  })

  test("a store is its module's own", () => {
    const trespasses = source.flatMap((file) =>
      file.imports
        .filter(({ target }) => /[/-]store\.ts$/.test(target) && moduleOf(target) !== moduleOf(file.path))
        .map(({ target }) => `${file.path} imports ${target}`),
    )
    expect(trespasses).toEqual([])
  })
})

describe('third-party packages', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>

  test('the table names them all, and each is in use', () => {
    expect(Object.keys(packages).sort()).toEqual(Object.keys(dependencies).sort())
    const used = new Set(source.flatMap((file) => file.imports).map((found) => found.target))
    expect(Object.keys(packages).filter((name) => !used.has(name))).toEqual([])
  })

  test('each is known to one room', () => {
    const trespasses = source.flatMap((file) =>
      file.imports
        .filter((found) => found.kind === 'package' && !matches(packages[found.target] ?? '', file.path))
        .map((found) => `${file.path} imports ${found.target}`),
    )
    expect(trespasses).toEqual([])
  })

  test('versions are exact, and the lock file names no host', () => {
    const versions = Object.values({ ...dependencies, ...devDependencies })
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
    expect(readFileSync(join(root, 'bun.lock'), 'utf8')).not.toMatch(/https?:\/\//)
  })
})

describe('what only one place does', () => {
  test('the settings alone read the environment', () => {
    // The second hands the whole environment on when the process replaces itself, before any setting is read.
    const readers = ['src/config.ts', 'src/lib/raise-connection-limit.ts']
    const pattern = /\b(process|Bun|import\.meta)\s*\.\s*env\b/
    expect(pathsOf(source, pattern).filter((path) => !readers.includes(path))).toEqual([])
  })

  test('migrations alone run SQL that was put together as text', () => {
    // The second is the driver's door for what drizzle has compiled: text and values apart.
    const doors = ['src/db/migrate.ts', 'src/db/postgres-client.ts']
    const pattern = /\.unsafe\s*\(|\bsql\s*\.\s*raw\b/
    expect(pathsOf(source, pattern).filter((path) => !doors.includes(path))).toEqual([])
  })

  test('only main acts when it is imported', () => {
    // A worker begins where it is loaded, and the page's files run once, in a browser.
    const actors = 'src/{main.ts,web/**,db/embedded-worker.ts}'
    const acting = source.filter((file) => !matches(actors, file.path) && firstActOf(file) !== null)
    expect(acting.map((file) => `${file.path}: ${firstActOf(file)}`)).toEqual([])
  })

  test('a class is an error', () => {
    const classes = source.flatMap((file) => file.text.match(/^\s*(export )?(abstract )?class .*$/gm) ?? [])
    expect(classes.filter((line) => !/class \w+ extends \w*Error\b/.test(line))).toEqual([])
  })
})

describe('names and sizes', () => {
  test('files and folders are kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config))?(\.tsx?)?$/
    const parts = new Set(everything.flatMap((file) => file.path.split('/')))
    expect([...parts].filter((part) => !kebab.test(part))).toEqual([])
  })

  test('no drawer for everything, no barrel', () => {
    const drawer =
      /(^|\/)(utils?|helpers?|common|shared|misc|types|services|controllers|managers)(\/|\.tsx?$)/
    expect(source.filter((file) => drawer.test(file.path)).map((file) => file.path)).toEqual([])
    expect(
      everything.filter((file) => /(^|\/)index\.tsx?$/.test(file.path)).map((file) => file.path),
    ).toEqual([])
  })

  test('no file is too long to read', () => {
    const long = everything.filter((file) => file.text.split('\n').length > 300)
    expect(long.map((file) => file.path)).toEqual([])
  })

  test('nothing strays to the top of the project', () => {
    const found = readdirSync(root).filter((name) => !notInGit.includes(name) && !name.endsWith('.log'))
    expect(found.sort()).toEqual(atTheTop.filter((name) => existsSync(join(root, name))).sort())
  })
})

function roomOf(file: SourceFile) {
  return rooms.find((room) => matches(room.files, file.path))
}

function isAllowed(file: SourceFile, target: string): boolean {
  const room = roomOf(file)
  const folder = file.path.slice(0, file.path.lastIndexOf('/'))
  const fits = (pattern: string) => matches(pattern.replace(/^\.\//, `${folder}/`), target)
  if (room?.never?.some(fits)) return false
  return target.startsWith(`${folder}/`) && folder !== 'src' ? true : (room?.mayImport.some(fits) ?? false)
}

function isRightOf(from: string, to: string): boolean {
  if (modulesBeside.includes(from) && knownBeside.includes(to)) return true
  return moduleLine.includes(from) && moduleLine.indexOf(to) > moduleLine.indexOf(from)
}

function moduleOf(path: string): string | null {
  return /^src\/modules\/([^/]+)\//.exec(path)?.[1] ?? null
}

function matches(glob: string, path: string): boolean {
  return new Bun.Glob(glob).match(path)
}

function pathsOf(files: SourceFile[], pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(file.text)).map((file) => file.path)
}
