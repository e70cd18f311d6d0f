import { describeOperations } from '../../lib/operation.ts'

const tag = { name: 'Reference', description: 'This document.' }

export const operations = describeOperations(tag, {
  getReference: {
    summary: 'Get this reference',
    description:
      'The OpenAPI 3.1 document of all operations. `/docs` shows it. Where ENABLE_DOCS is off there is neither.',
    answers: {
      200: {
        description: 'The document.',
        headers: { ETag: 'Of this document, for `If-None-Match`.' },
        content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
      },
      304: { description: 'It is the one that you have.' },
    },
  },
})
