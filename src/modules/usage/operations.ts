import { describeOperations } from '../../lib/operation.ts'

export const quotaOperations = describeOperations(
  { name: 'Usage', description: 'What a person may use, has used, and what that costs.' },
  {
    getQuota: {
      summary: 'Get one’s plan and what is left of it',
      description:
        'A question that would go beyond a limit is refused with `quota_exceeded`, which names the limit and when it begins anew.',
    },
  },
)
