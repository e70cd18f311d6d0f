import { isCompiled } from './version.ts'

const variable = 'BUN_CONFIG_MAX_HTTP_REQUESTS'
const maxConnections = '65336'

/**
 * Of more than 256 people who chat at a time the rest would wait until one of them is done: so many requests does
 * `fetch` have under way, and only the environment at the very start can raise that. So the process replaces itself,
 * once, keeping its id. Where that cannot be done (Windows) it goes on as it is.
 */
export function raiseConnectionLimit(): void {
  if (isConnectionLimitRaised() || typeof process.execve !== 'function') return
  process.execve(process.execPath, ownArguments(), { ...process.env, [variable]: maxConnections })
}

export function isConnectionLimitRaised(): boolean {
  return process.env[variable] !== undefined
}

/** In the executable the second argument is a path inside itself; from source it is the file to run. */
function ownArguments(): string[] {
  const { execPath, execArgv, argv } = process
  return [execPath, ...execArgv, ...argv.slice(isCompiled ? 2 : 1)]
}
