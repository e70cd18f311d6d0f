import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { createDeps, type Deps } from '../deps.ts'
import { findAppError } from '../errors.ts'
import { createLog } from '../lib/log.ts'
import { createUser } from '../modules/admin/change-users.ts'
import { hashPassword } from '../modules/auth/hashing.ts'
import { listPeople, type Person } from '../modules/auth/list-people.ts'
import { isWeakPassword } from '../modules/auth/password-policy.ts'
import { explainFailure } from './explain-failure.ts'
import { readPassword } from './read-password.ts'
import { settingsOrExit } from './settings.ts'

const exitUsage = 2

const usage = `Usage: cloudchat user create [--admin] [--email ADDRESS] [--username NAME] [--link]
       cloudchat user list [--search TEXT]

The password is asked for, or read from standard input; never from the command line, where others see it.
--link prints a link instead, by which the owner sets the password: once, within 24 hours.
The embedded database belongs to one process at a time: stop the service first.
密码在提示后输入（或由标准输入读取），不从命令行参数读取；使用内置数据库时请先停止服务。
`

/** Accounts, for whoever has the command line of this machine. Exit status 1: it could not, 2: nobody understands it. */
export async function user(words: string[]): Promise<void> {
  const asked = read(words)
  if (asked === null) {
    process.stderr.write(usage)
    process.exitCode = exitUsage
    return
  }
  const config = settingsOrExit()
  try {
    const { deps, close } = await createDeps(config, createLog('warn'))
    try {
      await migrate(deps.db)
      if (asked.act === 'list') await list(deps, asked.search ?? null)
      else await create(deps, asked)
    } finally {
      await close()
    }
  } catch (error) {
    process.stderr.write(`cloudchat: ${reasonOf(error, config)}\n`)
    process.exitCode = 1
  }
}

interface Asked {
  act: 'create' | 'list'
  admin: boolean
  email?: string | undefined
  username?: string | undefined
  link: boolean
  search?: string | undefined
}

/** null: not as the usage says. */
function read(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        admin: { type: 'boolean', default: false },
        email: { type: 'string' },
        username: { type: 'string' },
        link: { type: 'boolean', default: false },
        search: { type: 'string' },
      },
    })
    const [act, ...rest] = positionals
    if (rest.length > 0) return null
    if (act === 'list') return { ...values, act }
    const isNamed = values.email !== undefined || values.username !== undefined
    return act === 'create' && isNamed ? { ...values, act } : null
  } catch {
    return null
  }
}

async function create(deps: Deps, { admin, link, ...names }: Asked): Promise<void> {
  const email = names.email ?? null
  const username = names.username ?? null
  const passwordHash = link ? null : await askForPassword(deps, [email, username])
  const { person, link: passwordLink } = await createUser(deps, 'command line', {
    email,
    username,
    phone: null,
    displayName: null,
    role: admin ? 'admin' : 'user',
    locale: 'zh',
    plan: null,
    delivery: passwordHash === null ? 'link' : { passwordHash },
  })
  process.stdout.write(`created: ${rowOf(person)}\n`)
  if (passwordLink !== null) process.stdout.write(`${passwordLink}\n`)
}

async function askForPassword(deps: Deps, names: (string | null)[]): Promise<string> {
  const password = await readPassword()
  if (password === null) throw new Error('no password, or not the same one twice')
  if (isWeakPassword(password, names)) {
    throw new Error(
      'a weak password: 8 to 128 characters of two kinds at least, not one that everybody knows',
    )
  }
  return hashPassword(deps, password)
}

const pageSize = 100

async function list(deps: Deps, search: string | null): Promise<void> {
  const filter = { search, role: null, isActive: null, plan: null }
  let cursor: string | null = null
  do {
    const page: { items: Person[]; nextCursor: string | null } = await listPeople(deps, filter, {
      cursor,
      limit: pageSize,
    })
    for (const person of page.items) process.stdout.write(`${rowOf(person)}\n`)
    cursor = page.nextCursor
  } while (cursor !== null)
}

function rowOf({ uid, email, username, phone, role, isActive, createdAt }: Person): string {
  const names = [email, username, phone].filter((name) => name !== null).join(' ')
  return [uid, role, isActive ? 'active' : 'banned', createdAt.toISOString().slice(0, 10), names].join('\t')
}

function reasonOf(error: unknown, config: Config): string {
  const known = findAppError(error)
  return known !== null && known.code !== 'dependency_down' ? known.message : explainFailure(error, config)
}
