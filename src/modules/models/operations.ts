import { describeOperations } from '../../lib/operation.ts'

const tag = { name: 'Models', description: 'What answers here.' }

export const operations = describeOperations(tag, {
  listModels: {
    summary: 'List the models to choose from',
    description:
      'The default one first, with limits, prices, capabilities, and whether your plan includes them. No provider is asked, so none can hold this up. Those that draw are at GET /image-models.',
  },
})
