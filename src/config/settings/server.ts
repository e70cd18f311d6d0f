import { addressRange, choice, host, integer, type Kind, listOf, onOff, path, text } from '../kinds.ts'
import { setting } from '../setting.ts'
import { origin, pageUrl, webUrl } from '../urls.ts'

export const server = {
  ENVIRONMENT: setting({
    kind: choice(['development', 'production'], {
      dev: 'development',
      test: 'development',
      prod: 'production',
    }),
    default: 'development',
    meaning:
      'production refuses weak or default secrets and whatever helps an attacker, and requires SECRET_KEY and FRONTEND_BASE_URL.',
  }),
  HOST: setting({
    kind: host,
    default: '127.0.0.1',
    meaning: 'Address to listen on. 0.0.0.0 or :: for all of the machine.',
  }),
  PORT: setting({
    kind: integer(0, 65535),
    default: '5000',
    meaning: 'Port to listen on. 0: any free one.',
  }),
  DATA_DIR: setting({
    kind: path,
    default: './data',
    meaning: 'Folder of the embedded database and of the secret that is made when none is given.',
  }),
  LOG_LEVEL: setting({
    kind: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      warning: 'warn',
      critical: 'fatal',
    }),
    shownDefault: 'info; debug with DEBUG=1',
    meaning:
      'The least important records that are written: trace, debug, info, warn, error, fatal or silent.',
  }),
  DEBUG: setting({
    kind: debugFlag(),
    default: '0',
    meaning: 'Logs more. Refused in production. Texts other than 1 or 0 are taken to be for other programs.',
  }),
  DRAIN_SECONDS: setting({
    kind: integer(0, 600),
    default: '30',
    meaning: 'How long answers under way may go on after SIGTERM.',
  }),
  SECRET_KEY: setting({
    kind: text({ min: 16, max: 1024 }),
    aliases: ['FLASK_SECRET_KEY', 'JWT_SECRET'],
    secret: true,
    shownDefault: 'made once, kept in DATA_DIR',
    meaning: 'At least 16 random characters: openssl rand -hex 32. Required in production.',
  }),
  OLD_SECRET_KEY: setting({
    kind: text({ min: 16, max: 1024 }),
    secret: true,
    shownDefault: 'none',
    meaning:
      'The SECRET_KEY before this one, until `cloudchat rotate-keys` has sealed anew what was sealed with it.',
  }),
  METRICS_TOKEN: setting({
    kind: text({ min: 16, max: 1024 }),
    secret: true,
    shownDefault: 'none: only this machine',
    meaning:
      'Whoever sends it as Authorization: Bearer may read /metrics from elsewhere. At least 16 characters.',
  }),
  SITE_NAME: setting({
    kind: text({ max: 80 }),
    default: 'CloudChat',
    meaning: 'What the service is called on its pages and in its mails.',
  }),
  SITE_LOGO_FILE: setting({
    kind: path,
    shownDefault: 'none: our own',
    meaning:
      'A picture that stands beside the name on the pages: SVG, PNG, WebP, JPEG or GIF of at most 256 KiB. Read at the start.',
  }),
  TERMS_URL: setting({
    kind: webUrl,
    shownDefault: 'none',
    meaning: 'Where the terms of use are. The pages link there.',
  }),
  PRIVACY_URL: setting({
    kind: webUrl,
    shownDefault: 'none',
    meaning: 'Where the privacy policy is. The pages link there.',
  }),
  FRONTEND_BASE_URL: setting({
    kind: pageUrl,
    shownDefault: 'http://HOST:PORT',
    meaning:
      'Where browsers find the service, for links in mails; a path prefix such as /cloudchat is allowed. Required in production, and https there.',
  }),
  TRUSTED_HOSTS: setting({
    kind: listOf(hostOrAny()),
    aliases: ['ALLOWED_HOSTS'],
    shownDefault: 'any; in production see below',
    meaning:
      'Host names under which the service answers; *: any. In production by default the host of FRONTEND_BASE_URL and the loopback names.',
  }),
  TRUSTED_PROXIES: setting({
    kind: listOf(addressRange),
    default: '127.0.0.0/8,::1',
    meaning: 'Proxies whose X-Forwarded-For is believed.',
  }),
  ENABLE_DOCS: setting({
    kind: onOff,
    default: '1',
    meaning: 'Shows the reference of the API: the page /docs, and /api/v1/openapi.json for programs.',
  }),
  CORS_ORIGINS: setting({
    kind: listOf(origin),
    aliases: ['ALLOWED_ORIGINS'],
    shownDefault: 'none',
    meaning: 'Other origins whose pages may call the API.',
  }),
  COOKIE_SECURE: setting({
    kind: choice(['auto', '1', '0'], {
      true: '1',
      yes: '1',
      on: '1',
      always: '1',
      false: '0',
      no: '0',
      off: '0',
      never: '0',
    }),
    default: 'auto',
    meaning: 'Cookies over https only. auto: in production, and whenever the page came over https.',
  }),
}

/** Half the world's programs read DEBUG, many of them a list of names. */
function debugFlag(): Kind<boolean> {
  return {
    label: onOff.label,
    parse(value) {
      const flag = onOff.parse(value)
      return flag.ok ? flag : { ok: true, value: false }
    },
  }
}

function hostOrAny(): Kind<string> {
  return {
    label: host.label,
    parse: (value) => (value === '*' ? { ok: true, value } : host.parse(value)),
  }
}
