import type { ErrorCode } from '../../errors.ts'

/** What each code means to whoever gets it, and what helps. */
export const errorMeanings: Record<ErrorCode, string> = {
  invalid_request:
    'Something in the request is not as described; `errors` says where, as far as it can be said.',
  unauthenticated: 'No credential, one that is not known, or one whose session has ended. Log in.',
  invalid_credentials: 'The name or the password is wrong; which of them is not told.',
  token_expired: 'The access token has run out: exchange the refresh token for a new one and ask again.',
  forbidden:
    'Not allowed to whoever asks, or sent by a page of another site (a write with a cookie must come from our own pages or from one of CORS_ORIGINS).',
  not_found: 'There is no such thing, or it belongs to somebody else, which is not told apart.',
  conflict: 'It does not fit what there is already; `detail` says what.',
  email_taken: 'Another account has this e-mail address.',
  phone_taken: 'Another account has this phone number.',
  username_taken: 'Another account has this user name.',
  turn_running: 'An answer is still being made here; `turn_id` is its turn, to be followed or stopped.',
  idempotency_key_reused: 'This Idempotency-Key came with another request before.',
  payload_too_large: 'The body, or a text in it, is larger than is taken.',
  unsupported_media_type: 'The body is of another type than is read here.',
  rate_limited: 'Too often. `Retry-After` says in how many seconds it is worth trying again.',
  too_many_turns: 'Too many answers are being made for this person at once.',
  too_many_readers: 'Too many connections follow this at once.',
  quota_exceeded: 'The allowance is used up; `Retry-After` says when there is a new one.',
  provider_unavailable: 'The model’s provider could not be reached, or broke off.',
  provider_rejected: 'The model’s provider refused the request.',
  provider_timeout: 'The model’s provider said nothing for too long.',
  turn_too_long: 'The answer took longer than an answer may take.',
  shutting_down: 'The service is restarting; in a few seconds it is there again.',
  dependency_down: 'Something that the service needs (its database, say) is away; it may be back soon.',
  interrupted: 'The answer was cut off by a restart; what there is of it is kept and can be continued.',
  internal: 'A fault of the service. It is in its log, under the `request_id`.',
}
