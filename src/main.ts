import { raiseConnectionLimit } from './lib/raise-connection-limit.ts'

// Everything else is loaded only when its command runs: a process that replaces itself should not load twice.
const [command = 'serve', ...words] = process.argv.slice(2)

switch (command) {
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
    ;(await import('./commands/help.ts')).printHelp(words)
    break
  default:
    ;(await import('./commands/help.ts')).refuseCommand(command)
}
