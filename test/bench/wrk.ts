import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireProgram } from '../support/programs.ts'
import type { Server } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { cpuSeconds } from './process.ts'

export interface Load {
  url: string
  /** Asked by POST when there is one. */
  body?: unknown
  headers?: Record<string, string>
  /** Asked one after the other instead of the URL's own path, each with its own token. */
  asks?: { path: string; token: string }[]
  seconds: number
  connections: number
}

export interface LoadResult {
  answers: number
  perSecond: number
  bytesPerAnswer: number
}

export interface Measured extends LoadResult {
  /** Seconds: other programs do not disturb it. */
  cpuOfThousand: number
}

/** The load, and what it cost the server that bears it. */
export async function measure(server: Server, load: Load): Promise<Measured> {
  const before = cpuSeconds(server.pid)
  const result = await runWrk(load)
  return { ...result, cpuOfThousand: ((cpuSeconds(server.pid) - before) / result.answers) * 1000 }
}

/** Asks the same thing over and over, on connections that stay. Throws when one answer fails. */
export async function runWrk(load: Load): Promise<LoadResult> {
  if (new URL(load.url).hostname !== '127.0.0.1') throw new Error(`not this machine: ${load.url}`)
  const folder = tempFolder('wrk')
  const script = join(folder, 'load.lua')
  const asks = join(folder, 'asks')
  writeFileSync(asks, (load.asks ?? []).map(({ path, token }) => `${path} ${token}\n`).join(''))
  writeFileSync(script, scriptFor(load, asks))
  const words = [
    '-t1',
    `-c${load.connections}`,
    `-d${load.seconds}s`,
    '-s',
    script,
    '--timeout',
    '10s',
    load.url,
  ]
  const wrk = Bun.spawn([requireProgram('wrk'), ...words], { stdout: 'pipe', stderr: 'inherit' })
  const output = await new Response(wrk.stdout).text()
  if ((await wrk.exited) !== 0) throw new Error(`wrk failed:\n${output}`)
  return resultIn(output)
}

function scriptFor({ body, headers = {}, asks }: Load, asksFile: string): string {
  const all = body === undefined ? headers : { 'Content-Type': 'application/json', ...headers }
  return `
wrk.method = ${luaText(body === undefined ? 'GET' : 'POST')}
${body === undefined ? '' : `wrk.body = ${luaText(JSON.stringify(body))}`}
${Object.entries(all)
  .map(([name, value]) => `wrk.headers[${luaText(name)}] = ${luaText(value)}`)
  .join('\n')}
${asks ? oneAfterTheOther(asksFile) : ''}
done = function(summary)
  local e = summary.errors
  io.write(string.format('RESULT %d %d %d %d\\n', summary.requests, summary.bytes, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
`
}

function oneAfterTheOther(file: string): string {
  return `
local asks = {}
local at = 0
for line in io.lines(${luaText(file)}) do asks[#asks + 1] = line end
request = function()
  at = at % #asks + 1
  local path, token = asks[at]:match('(.+) (.+)')
  wrk.headers['Authorization'] = 'Bearer ' .. token
  return wrk.format(nil, path)
end`
}

function luaText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

function resultIn(output: string): LoadResult {
  const [answers = 0, bytes = 0, microseconds = 0, errors = 0] =
    /^RESULT (.+)$/m.exec(output)?.[1]?.split(' ').map(Number) ?? []
  if (answers === 0 || errors > 0) throw new Error(`${errors} of ${answers} answers failed:\n${output}`)
  return { answers, perSecond: answers / (microseconds / 1e6), bytesPerAnswer: bytes / answers }
}
