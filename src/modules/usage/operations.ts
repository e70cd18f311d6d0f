import { describeOperations } from '../../lib/operation.ts'

const tag = { name: 'Usage', description: 'What a person may use, has used, and what that costs.' }

export const quotaOperations = describeOperations(tag, {
  getQuota: {
    summary: 'Get one’s plan and what is left of it',
    description:
      'A question that would go beyond a limit is refused with `quota_exceeded`, which names the limit and when it begins anew.',
  },
})

export const balanceOperations = describeOperations(tag, {
  getBalance: {
    summary: 'Get one’s balance',
    description: 'Where the plan has no room for a question, the balance pays for it, as long as it lasts.',
  },
  listBalanceEntries: {
    summary: 'List what a balance is made of',
    description: 'What was paid in, and what it has paid for.',
  },
  redeemCode: {
    summary: 'Redeem a top-up code',
    description: 'Once for each code. An expired code gets the same answer as one that never was.',
    codes: ['not_found', 'conflict', 'rate_limited'],
  },
})
