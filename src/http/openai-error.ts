import type { AppError, ErrorCode } from '../errors.ts'

/** The words for what went wrong that OpenAI's clients know: `type`, and `code` where it has another than ours. */
const words: Partial<Record<ErrorCode, { type: string; code: string | null }>> = {
  invalid_request: { type: 'invalid_request_error', code: null },
  unauthenticated: { type: 'invalid_request_error', code: 'invalid_api_key' },
  invalid_credentials: { type: 'invalid_request_error', code: 'invalid_api_key' },
  token_expired: { type: 'invalid_request_error', code: 'token_expired' },
  forbidden: { type: 'invalid_request_error', code: 'insufficient_permissions' },
  not_found: { type: 'invalid_request_error', code: null },
  payload_too_large: { type: 'invalid_request_error', code: 'request_too_large' },
  unsupported_media_type: { type: 'invalid_request_error', code: 'unsupported_media_type' },
  rate_limited: { type: 'requests', code: 'rate_limit_exceeded' },
  quota_exceeded: { type: 'insufficient_quota', code: 'insufficient_quota' },
}

/** An error as OpenAI writes it. `extra.code` of the error is a better one than ours. */
export function openAiError(error: AppError) {
  const { type, code } = words[error.code] ?? { type: 'server_error', code: error.code }
  const [fault] = error.faults ?? []
  const isDetailed = fault !== undefined && fault.message !== error.message
  return {
    error: {
      message: isDetailed ? `${error.message}: ${fault.path}: ${fault.message}` : error.message,
      type,
      param: fault?.path ?? null,
      code: error.extra?.code ?? code,
    },
  }
}
