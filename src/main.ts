import { raiseConnectionLimit } from './lib/raise-connection-limit.ts'

const command = process.argv.slice(2).join(' ')

// Everything else is loaded only when its command runs: a process that replaces itself should not load twice.
switch (command) {
  case '':
  case 'serve':
    raiseConnectionLimit()
    await (await import('./commands/serve.ts')).serve()
    break
  case 'migrate':
    await (await import('./commands/migrate.ts')).migrate()
    break
  case 'version':
  case '--version':
  case '-v':
    ;(await import('./commands/version.ts')).printVersion()
    break
  case 'help':
  case '--help':
  case '-h':
    ;(await import('./commands/help.ts')).printHelp()
    break
  case 'help config':
    ;(await import('./commands/help.ts')).printSettings()
    break
  case 'rotate-keys':
    await (await import('./commands/rotate-keys.ts')).rotateKeys()
    break
  default:
    if (process.argv[2] === 'user') {
      await (await import('./commands/user.ts')).user(process.argv.slice(3))
      break
    }
    ;(await import('./commands/help.ts')).refuseCommand(command)
}
