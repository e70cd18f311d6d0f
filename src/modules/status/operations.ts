import { describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'Service',
  description: 'For whoever watches the service. None of these asks a model provider.',
}

export const operations = describeOperations(tag, {
  getLiveness: {
    summary: 'Whether the process is alive',
    description: 'Looks at nothing else: a service whose database is away is not helped by a restart.',
  },
  getReadiness: {
    summary: 'Whether requests should be sent here',
    description: '503 where the database is away or not yet as it must be, and while the process is ending.',
  },
  getHealth: {
    summary: 'How the service is',
    description: '503 where the database is away.',
  },
  getInfo: {
    summary: 'What this service is',
    description: 'What a program wants to know before it logs in.',
  },
  getMetrics: {
    summary: 'Figures for Prometheus',
    description:
      'For programs on this machine that ask for it by a local name, and for whoever sends METRICS_TOKEN as `Authorization: Bearer`.',
    codes: ['forbidden'],
    answers: {
      200: {
        description: 'The text format of Prometheus.',
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
    },
  },
})
