import { helpConfig } from '../config.ts'
import { version } from '../lib/version.ts'

/** For a command line that nobody can make sense of; 64 in sysexits.h, but 2 is what shells and tools use. */
const exitUsage = 2

const usage = `cloudchat ${version}: AI chat in one executable

Usage: cloudchat [command]

Commands
  serve          start the service (the default)
  migrate        bring the database up to date and stop
  user create    make an account, an administrator's with --admin (user: the options)
  user list      list accounts
  rotate-keys    after a change of SECRET_KEY: seal provider keys anew
  version        print the version
  help           print this
  help config    print every setting: name, type, default, meaning

Settings are read from the environment. Without any, the service starts on
http://127.0.0.1:5000 with its own database in ./data and a demo model.
不加任何设置即可启动：内置数据库（./data）与演示模型，地址 http://127.0.0.1:5000 。

Exit status: 0 stopped in good order, 1 could not start or go on,
2 unknown command, 78 settings refused (each fault is listed).
`

export function printHelp(): void {
  process.stdout.write(usage)
}

export function printSettings(): void {
  process.stdout.write(`${helpConfig()}\n`)
}

/** Says what would have been understood, and ends with status 2. */
export function refuseCommand(command: string): void {
  process.stderr.write(`cloudchat: unknown command: ${JSON.stringify(command)}\n\n${usage}`)
  process.exitCode = exitUsage
}
