import { describeOperations } from '../../lib/operation.ts'
import { drawnView } from './schema.ts'

const tag = {
  name: 'Pictures',
  description: 'Drawn by a model, kept until they are deleted, seen by nobody but their owner.',
}

/** By what `Accept` says. */
const events = {
  description:
    'With `Accept: text/event-stream`, while one waits: `queued` and `running`, then `done` with the pictures or `error` with the problem.',
  content: {
    'text/event-stream': {
      schema: { type: 'string' },
      events: {
        oneOf: [
          {
            type: 'object',
            description: 'Where it is: waiting for the provider, or being drawn.',
            properties: {
              event: { enum: ['queued', 'running'], description: 'What has happened.' },
              data: { type: 'object', description: 'Nothing more.' },
            },
          },
          {
            type: 'object',
            description: 'What was drawn.',
            properties: { event: { const: 'done', description: 'What has happened.' }, data: drawnView },
          },
          {
            type: 'object',
            description: 'Nothing was drawn.',
            properties: {
              event: { const: 'error', description: 'What has happened.' },
              data: { $ref: '#/components/schemas/Problem' },
            },
          },
        ],
      },
      example: 'event: running\ndata: {}\n\n',
    },
  },
}

export const operations = describeOperations(tag, {
  createImages: {
    summary: 'Have pictures drawn',
    description:
      'It may take a minute. Who leaves ends it; then, and after any failure, nothing is kept and nothing counted. `not_found`: no model that draws is configured.',
    codes: [
      'quota_exceeded',
      'forbidden',
      'not_found',
      'provider_unavailable',
      'provider_rejected',
      'provider_timeout',
      'shutting_down',
      'dependency_down',
    ],
    answers: { 200: events },
  },
  listImages: { summary: 'List one’s pictures', description: 'Newest first.' },
  getImage: {
    summary: 'Get a picture’s particulars',
    description: 'The picture itself is at `getImageContent`.',
    codes: ['not_found'],
  },
  getImageContent: {
    summary: 'Get a picture itself',
    description: 'It never changes, so that a browser may keep it.',
    codes: ['not_found', 'dependency_down'],
    answers: {
      200: {
        description: 'Its bytes.',
        content: Object.fromEntries(
          ['image/png', 'image/jpeg', 'image/webp', 'image/gif'].map((type) => [
            type,
            { schema: { type: 'string', contentMediaType: type } },
          ]),
        ),
      },
      304: { description: 'The client has it already.' },
    },
  },
  deleteImage: { summary: 'Delete a picture', description: 'At once, and for good.', codes: ['not_found'] },
  listImageModels: {
    summary: 'List the models that draw',
    description: 'What `model` may be, and what a picture costs.',
  },
})
