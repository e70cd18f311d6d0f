/** The pages beside the chat, by their addresses below the start page: those that are served, and those that are drawn. */
export const pageNames = [
  'login',
  'register',
  'forgot_password',
  'reset_password',
  'dashboard',
  'settings',
  'admin',
] as const

/** The parts of the administration, each with an address of its own below its page, in the order of its links. */
export const adminParts = [
  'overview',
  'users',
  'plans',
  'models',
  'keys',
  'invites',
  'codes',
  'usage',
  'settings',
  'log',
] as const
