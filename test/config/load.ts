import { ConfigError, loadConfig } from '../../src/config.ts'
import { tempFolder } from '../support/temp-folder.ts'

type Environment = Record<string, string | undefined>

const DATA_DIR = tempFolder('config')

/** The settings, with a data directory that the tests share. */
export function load(env: Environment = {}) {
  return loadConfig({ DATA_DIR, ...env })
}

/** What is refused; empty: nothing. */
export function faultsOf(env: Environment): string[] {
  try {
    load(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

/** What production requires, and nothing that it warns about. */
export const production = {
  ENVIRONMENT: 'production',
  SECRET_KEY: 'k7Rw2mXq9TzL4vBn8sHd',
  FRONTEND_BASE_URL: 'https://chat.example.com',
  DATABASE_URL: 'postgresql://cloudchat:d8Hs02@127.0.0.1:6432/cloudchat',
  REDIS_PASSWORD: 'r3dIs-pass',
  SMTP_HOST: 'smtp.example.com',
  MAIL_FROM: 'noreply@example.com',
  DEEPSEEK_API_KEY: 'sk-deepseek',
}
