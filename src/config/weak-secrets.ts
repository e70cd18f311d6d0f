const placeholders =
  /secret|password|change|replace|insert|your|default|example|placeholder|dummy|develop|dev|test|cloudchat/i

/** Would somebody guess it who has read the examples of the world? For keys that nobody types. */
export function isWeakKey(key: string): boolean {
  return key.length < 16 || new Set(key).size < 8 || (isWords(key) && placeholders.test(key))
}

/** `your-secret-key-change-in-production`, `default_secret_key_123`: nothing random looks like that. */
function isWords(key: string): boolean {
  return /^<?[A-Za-z][A-Za-z_. -]*\d{0,10}[!.>]?$/.test(key)
}

/** A default, a common one, or one made of the name of the account it opens. */
export function isWeakAdminPassword(password: string, names: (string | null)[]): boolean {
  const core = password.toLowerCase().replace(/[^\p{L}]/gu, '')
  const own = names.flatMap(
    (name) =>
      name
        ?.toLowerCase()
        .split('@')[0]
        ?.replace(/[^\p{L}]/gu, '') || [],
  )
  return new Set(password).size < 6 || [...commonCores, ...own].includes(core.replace(/(123|abc)$/, ''))
}

/** What is left of the most common passwords when digits and signs are taken away. */
const commonCores = [
  '',
  'a',
  'aa',
  'abc',
  'abcd',
  'abcdef',
  'admin',
  'administrator',
  'adminadmin',
  'adminpassword',
  'changeit',
  'changeme',
  'cloudchat',
  'default',
  'demo',
  'guest',
  'hello',
  'iloveyou',
  'letmein',
  'login',
  'monkey',
  'pass',
  'passw',
  'passwd',
  'password',
  'passwrd',
  'psswrd',
  'pssword',
  'pssw',
  'q',
  'qaz',
  'qazwsx',
  'qwe',
  'qweasd',
  'qwer',
  'qwerty',
  'qwertyuiop',
  'root',
  'secret',
  'superadmin',
  'superuser',
  'test',
  'user',
  'welcome',
  'zxcvbnm',
]
