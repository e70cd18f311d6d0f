import { describeOperations } from '../../lib/operation.ts'

const tag = { name: 'Administration', description: 'For administrators alone.' }

export const operations = describeOperations(tag, {
  listActs: {
    summary: 'List what administrators did',
    description: 'Who, when, from where, and what was changed. Nothing is ever taken off this list.',
  },
})
