import type { ProviderConfig } from '../config.ts'
import type { Reading } from './read-settings.ts'
import type { Report } from './report.ts'
import type { settings } from './settings.ts'
import { isWeakAdminPassword, isWeakKey } from './weak-secrets.ts'

type Everything = Reading<typeof settings>

/** What may not be so in production is refused; what is only doubtful is a warning. */
export function checkProduction(reading: Everything, providers: ProviderConfig[], report: Report): void {
  checkSecrets(reading, report)
  checkAddress(reading, report)
  checkDebugging(reading, report)
  warnAboutSubstitutes(reading, providers, report)
}

/** The same doubts on a developer's machine: said once, refused never. */
export function checkDevelopment({ values, variableOf }: Everything, report: Report): void {
  if (values.SECRET_KEY !== null && isWeakKey(values.SECRET_KEY)) {
    report.warn(`${variableOf('SECRET_KEY')} is a known or weak one; production refuses it`)
  }
  if (values.ADMIN_PASSWORD !== null && isWeakAdminPassword(values.ADMIN_PASSWORD, adminNames(values))) {
    report.warn(`${variableOf('ADMIN_PASSWORD')} is a known or weak one; production refuses it`)
  }
  if (values.DEBUG_RETURN_RESET_TOKEN) {
    report.warn('DEBUG_RETURN_RESET_TOKEN: whoever asks can reset the password of anybody')
  }
}

function checkSecrets({ values, variableOf, isGiven }: Everything, report: Report): void {
  const { SECRET_KEY: key, ADMIN_PASSWORD: password, DATABASE_URL: database } = values
  if (!isGiven('SECRET_KEY')) {
    report.refuse(
      'SECRET_KEY',
      'required in production: at least 16 random characters (openssl rand -hex 32)',
    )
  } else if (key !== null && isWeakKey(key)) {
    report.refuse(
      'SECRET_KEY',
      'expected random characters, not a known or weak secret (openssl rand -hex 32)',
      variableOf('SECRET_KEY'),
    )
  }
  if (values.METRICS_TOKEN !== null && isWeakKey(values.METRICS_TOKEN)) {
    report.refuse(
      'METRICS_TOKEN',
      'expected random characters, not a known or weak secret (openssl rand -hex 32)',
      variableOf('METRICS_TOKEN'),
    )
  }
  if (password !== null && isWeakAdminPassword(password, adminNames(values))) {
    report.refuse(
      'ADMIN_PASSWORD',
      'expected a password that is not a default, a common one or the name of the account',
      variableOf('ADMIN_PASSWORD'),
    )
  }
  if (database !== null && /^(password|your[-_]?password|change[-_]?me|\*+)$/i.test(database.password)) {
    report.refuse(
      'DATABASE_URL',
      "expected the database's own password in place of the example's",
      variableOf('DATABASE_URL'),
    )
  }
}

function checkAddress({ values, variableOf, isGiven }: Everything, report: Report): void {
  const { FRONTEND_BASE_URL: url, TRUSTED_HOSTS: hosts } = values
  if (!isGiven('FRONTEND_BASE_URL')) {
    report.refuse('FRONTEND_BASE_URL', 'required in production: an address such as https://chat.example.com')
  } else if (url !== null && !url.startsWith('https://')) {
    report.refuse(
      'FRONTEND_BASE_URL',
      `expected an https:// address in production, not ${JSON.stringify(url)}`,
    )
  }
  if (hosts?.includes('*')) report.warn(`${variableOf('TRUSTED_HOSTS')}: any Host is answered`)
  else if (hosts !== null && url !== null && !hosts.includes(new URL(url).hostname.replace(/[[\]]/g, ''))) {
    report.warn(
      `${variableOf('TRUSTED_HOSTS')} lacks the host of FRONTEND_BASE_URL: browsers will be refused`,
    )
  }
  if (values.COOKIE_SECURE === '0') report.warn('COOKIE_SECURE=0: cookies also travel without encryption')
}

function checkDebugging({ values }: Everything, report: Report): void {
  if (values.DEBUG) report.refuse('DEBUG', 'expected 0 in production')
  if (values.DEBUG_RETURN_RESET_TOKEN) {
    report.refuse('DEBUG_RETURN_RESET_TOKEN', 'expected 0 in production: it lets anybody in')
  }
}

function warnAboutSubstitutes({ values }: Everything, providers: ProviderConfig[], report: Report): void {
  if (values.DATABASE_URL === null && !report.isRefused('DATABASE_URL')) {
    report.warn('DATABASE_URL is not set: the embedded database may lose its last writes in a power cut')
  }
  if (values.SMTP_HOST === null && !report.isRefused('SMTP_HOST')) {
    report.warn('SMTP_HOST is not set: mails, links to reset passwords among them, reach nobody')
  }
  if (providers.length === 0) report.warn('no model provider is set: the demo model answers')
}

function adminNames(values: Everything['values']): (string | null)[] {
  return [values.ADMIN_EMAIL, values.ADMIN_USERNAME, values.SITE_NAME]
}
