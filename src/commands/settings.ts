import { type Config, ConfigError, loadConfig } from '../config.ts'
import { program } from '../lib/version.ts'

/** EX_CONFIG of sysexits.h: a service manager need not try again. */
const exitConfig = 78

/** The settings, or the end of the process with every fault on a line of its own. */
export function settingsOrExit(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const fault of error.faults) process.stderr.write(`cloudchat: ${fault}\n`)
    process.stderr.write(`cloudchat: settings refused; \`${program} help config\` explains them all\n`)
    process.exit(exitConfig)
  }
}
