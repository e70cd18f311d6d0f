import { type Binary, startBinary } from './binary.ts'
import type { Stack } from './stacks.ts'
import { tempFolder } from './temp-folder.ts'
import { createVisitor, type Visitor } from './visitor.ts'

/** The executable, running on one of the two stacks. Ended and forgotten by `await using`. */
export interface BinaryOnStack extends AsyncDisposable {
  binary: Binary
  url: string
  visitor(): Visitor
  /** Ends it in good order and starts it again: same folder, same settings, same port. Returns the exit status. */
  restart(): Promise<number | null>
}

/** No limit on how often somebody may ask: tests ask from one address. */
export const noLimits: Record<string, string> = Object.fromEntries(
  [
    'REGISTER_IP',
    'REGISTER_EMAIL',
    'LOGIN_IP',
    'LOGIN_ID',
    'FORGOT_IP',
    'FORGOT_ID',
    'RESET_IP',
    'CHAT_IP',
    'CHAT_TOTAL',
    'API_USER',
    'API_AUTH_IP',
    'SHARE_IP',
    'SEND_USER',
    'SEARCH_USER',
    'GATEWAY_KEY',
    'GATEWAY_USER',
    'GATEWAY_IP',
    'EXPORT_USER',
    'IMPORT_USER',
  ].map((name) => [`LIMIT_${name}`, '0']),
)

export interface BinaryOnStackOptions {
  /** A provider's base URL, with `/v1`; without it the demo model answers. */
  upstream?: string
  env?: Record<string, string>
  prefix?: string[]
}

export async function startBinaryOnStack(
  stack: Stack,
  { upstream, env = {}, prefix = [] }: BinaryOnStackOptions = {},
): Promise<BinaryOnStack> {
  const { env: stackEnv, release } = await stack.prepare()
  const provider: Record<string, string> = upstream
    ? { DEEPSEEK_API_KEY: 'sk-only-for-tests', DEEPSEEK_BASE_URL: upstream }
    : {}
  const binary = await startBinary({
    env: { SECRET_KEY: 'only for tests, 0123456789', ...noLimits, ...provider, ...stackEnv, ...env },
    folder: tempFolder('binary'),
    prefix,
  })
  return {
    binary,
    url: binary.url,
    visitor: () => createVisitor(binary.url),
    async restart() {
      const ended = binary.ended()
      await binary.stop()
      await binary.start()
      return ended
    },
    async [Symbol.asyncDispose]() {
      await binary.stop()
      await release()
    },
  }
}
