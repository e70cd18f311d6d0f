import { describeOperations } from '../../lib/operation.ts'

const tag = { name: 'Site', description: 'What a page must know before anybody has logged in.' }

export const operations = describeOperations(tag, {
  getSite: {
    summary: 'Get the site’s name and what it allows',
    description: 'The same for everybody.',
  },
})
