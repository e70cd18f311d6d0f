import { limit } from '../kinds.ts'
import { setting } from '../setting.ts'

export const limits = {
  LIMIT_REGISTER_IP: row('10/3600', 'Registrations from one address.'),
  LIMIT_REGISTER_EMAIL: row('3/3600', 'Registrations with one e-mail address.'),
  LIMIT_LOGIN_IP: row('10/600', 'Log-ins from one address.'),
  LIMIT_LOGIN_ID: row('10/600', 'Log-ins as one person.'),
  LIMIT_FORGOT_IP: row('20/3600', 'Forgotten passwords from one address.'),
  LIMIT_FORGOT_ID: row('5/3600', 'Forgotten passwords of one person.'),
  LIMIT_RESET_IP: row('20/3600', 'New passwords from one address.'),
  LIMIT_CHAT_IP: row('10/60', 'Questions from one address.'),
  LIMIT_CHAT_TOTAL: row('2000/86400', 'Questions of all who are not logged in together.'),
  LIMIT_API_USER: row('300/60', 'Requests of one person to /api/v1.'),
  LIMIT_API_AUTH_IP: row('20/60', 'Requests from one address to /api/v1/auth.'),
  LIMIT_SHARE_IP: row('60/60', 'Looks at shared conversations from one address.'),
  LIMIT_SEND_USER: row('20/60', 'Questions of one person.'),
  LIMIT_SEARCH_USER: row('60/60', 'Searches of one person.'),
  LIMIT_GATEWAY_KEY: row('600/60', 'Requests to /v1 with one API key that has no limit of its own.'),
  LIMIT_GATEWAY_USER: row('1200/60', 'Requests of one person to /v1, with all his keys.'),
  LIMIT_GATEWAY_IP: row('1200/60', 'Requests from one address to /v1.'),
  LIMIT_IMAGE_USER: row('30/3600', 'Orders for pictures of one person.'),
  LIMIT_EXPORT_USER: row('60/3600', 'Exports of one person.'),
  LIMIT_IMPORT_USER: row('60/3600', 'Imports of one person, trial runs among them.'),
}

function row(fallback: string, meaning: string) {
  return setting({ kind: limit, default: fallback, meaning })
}
