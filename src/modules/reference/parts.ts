import { errorMeanings } from './error-meanings.ts'

/** What many operations refer to. */
export function parts(cookieName: string) {
  return {
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'An access token of `logIn`, `register` or `refreshTokens`, for programs.',
      },
      key: {
        type: 'http',
        scheme: 'bearer',
        description: 'An API key of `createKey`, for programs; also as `x-api-key`.',
      },
      cookie: {
        type: 'apiKey',
        in: 'cookie',
        name: cookieName,
        description: 'Set by a log-in with `session: "cookie"`, for pages; no script can read it.',
      },
    },
    headers: {
      'Retry-After': {
        description: 'After how many seconds it is worth trying again.',
        schema: { type: 'integer', minimum: 0 },
      },
    },
    schemas: [problem, flatError, flatRefusal, openAiError],
  }
}

const problem = {
  title: 'Problem',
  type: 'object',
  description: 'A refusal, as RFC 9457 has it. Go by `code`: the words in `detail` may change.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { const: 'about:blank', description: 'What kind of problem it is, says `code`.' },
    title: { type: 'string', description: 'The status in words.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What is wrong, in English, for people.' },
    code: {
      type: 'string',
      enum: Object.keys(errorMeanings),
      description: Object.entries(errorMeanings)
        .map(([code, meaning]) => `- \`${code}\`: ${meaning}`)
        .join('\n'),
    },
    request_id: { type: 'string', description: 'Also in the header `X-Request-Id`, and in the log.' },
    errors: {
      type: 'array',
      description: 'With `invalid_request`: at most 10 places that are not as they should be.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'Where: `title`, `messages/0/content`; or `body`, `query`.' },
          message: { type: 'string', description: 'What was expected. Never what was sent.' },
        },
      },
    },
    turn_id: {
      type: 'string',
      format: 'uuid',
      description: 'With `turn_running`, and where an answer failed: the turn.',
    },
    retry_after: {
      type: 'integer',
      description:
        'Where an answer failed: after how many seconds its provider says it is worth trying again.',
    },
    conversations_imported: {
      type: 'string',
      description: 'Where an import has ended: how many conversations it had taken in before.',
    },
    reason: {
      enum: ['question', 'content'],
      description:
        'With `provider_rejected`: the question was refused as it was put, or for its content; without it, it was something else.',
    },
    tag_id: { type: 'string', format: 'uuid', description: 'With `conflict`: the tag that has this name.' },
  },
}

const error = { type: 'string', description: 'What is wrong: the front end knows these texts.' }

const flatError = {
  title: 'FlatError',
  type: 'object',
  description: 'A refusal on the chat paths of the CloudChat contract.',
  required: ['error'],
  properties: { error },
}

const openAiError = {
  title: 'OpenAiError',
  type: 'object',
  description: 'A refusal at `/v1`, as OpenAI’s clients know it.',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      description: 'What is wrong.',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string', description: 'In English, for people.' },
        type: {
          type: 'string',
          description: '`invalid_request_error`, `requests`, `insufficient_quota`, `server_error`.',
        },
        param: { type: ['string', 'null'], description: 'The field that is at fault.' },
        code: { type: ['string', 'null'], description: 'Such as `model_not_found`; go by it.' },
      },
    },
  },
}

const flatRefusal = {
  title: 'FlatRefusal',
  type: 'object',
  description: 'A refusal on the account paths of the CloudChat contract.',
  required: ['ok', 'error'],
  properties: { ok: { const: false, description: 'It was refused.' }, error },
}
