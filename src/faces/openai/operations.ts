import { t } from 'elysia'
import { type Answer, describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'OpenAI',
  description:
    'What OpenAI’s clients ask for, with an API key or an access token as `Authorization: Bearer`. What a model’s provider understands is passed on to it as it is, and its answer back; only what is described here is looked at.',
}

const headers = {
  'x-request-id': 'The same as in the log.',
  'x-cloudchat-overhead-us': 'Microseconds that this service has added.',
  RateLimit: 'Where this key, account and address stand in their limits.',
  'RateLimit-Policy': 'Those limits.',
}

const anything = { type: 'object', additionalProperties: true }

const whole: Answer = {
  description: 'As the provider has it.',
  headers,
  content: { 'application/json': { schema: anything } },
}
const wholeOrStream: Answer = {
  description: 'As the provider has it; with `stream`, event by event.',
  headers,
  content: {
    'application/json': { schema: anything },
    'text/event-stream': { schema: { type: 'string' }, events: anything },
  },
}

const codes = [
  'not_found',
  'forbidden',
  'quota_exceeded',
  'provider_unavailable',
  'provider_timeout',
  'provider_rejected',
  'shutting_down',
] as const

const model = t.String({ description: '`provider/model`, or the model alone where no other could be meant.' })
const stream = t.Optional(t.Boolean({ description: 'The answer comes as it is made.' }))

export const operations = describeOperations(tag, {
  listGatewayModels: {
    summary: 'List models',
    description: 'Those that the key and the plan of its owner allow.',
    needsKey: true,
    answers: { 200: { ...whole, description: 'OpenAI’s list of `model` objects.' } },
  },
  getGatewayModel: {
    summary: 'Get a model',
    description: 'By its id; a slash in it may be written as `%2F`.',
    codes: ['not_found'],
    needsKey: true,
    params: { id: '`provider/model`.' },
    answers: { 200: { ...whole, description: 'OpenAI’s `model` object.' } },
  },
  createChatCompletion: {
    summary: 'Answer a conversation',
    description:
      'Scope `chat`. Leaving stops the model. What fails after the first byte is told by an event `error`.',
    codes,
    needsKey: true,
    body: t.Object({
      model,
      messages: t.Array(t.Any(), { minItems: 1, description: 'What was said, pictures included.' }),
      stream,
      max_tokens: t.Optional(t.Integer({ minimum: 1, description: 'At most what the model can do.' })),
      n: t.Optional(t.Integer({ minimum: 1, maximum: 128, description: 'So many answers.' })),
    }),
    answers: { 200: wholeOrStream },
  },
  createResponse: {
    summary: 'Make a response',
    description: 'Scope `chat`. Where the provider has it.',
    codes,
    needsKey: true,
    body: t.Object({ model, input: t.Any({ description: 'A text or a list.' }), stream }),
    answers: { 200: wholeOrStream },
  },
  createEmbedding: {
    summary: 'Make embeddings',
    description: 'Scope `chat`. Where the provider has it.',
    codes,
    needsKey: true,
    body: t.Object({ model, input: t.Any({ description: 'A text or a list.' }) }),
    answers: { 200: whole },
  },
  generateImages: {
    summary: 'Have images drawn',
    description:
      'Scope `images`. Where the provider has it, by any model of GET /models or GET /api/v1/image-models; nothing is kept here. DashScope’s models draw 1 to 4 images.',
    codes,
    needsKey: true,
    body: t.Object({
      model,
      prompt: t.String({ minLength: 1, description: 'What is to be seen.' }),
      n: t.Optional(t.Integer({ minimum: 1, maximum: 128, description: 'So many images.' })),
      size: t.Optional(t.Any({ description: 'Such as `1024x1024`.' })),
      response_format: t.Optional(
        t.Any({
          description:
            '`url` or `b64_json`, where the model leaves the choice; DashScope’s images are `b64_json` without it.',
        }),
      ),
    }),
    answers: { 200: whole },
  },
})
