import { type Answer, describeOperations } from '../../lib/operation.ts'

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

const csv: Answer = {
  description: 'CSV, the newest first, of all that there are. A connection that ends early was cut off.',
  content: { 'text/csv': { schema: { type: 'string' } } },
  headers: { 'Content-Disposition': 'The name of the file.' },
}

const days = 'Days and hours are those of the service’s time zone.'

export const usageOperations = describeOperations(tag, {
  getUsageSummary: {
    summary: 'Get what one has used today, lately and in all',
    description: `With averages, and the change against as many days before, until the same time of day. ${days}`,
    codes: ['not_found'],
  },
  listUsageByDay: { summary: 'List what one has used, by day', description: days, codes: ['not_found'] },
  listUsageByHour: {
    summary: 'List what one has used, by hour of the day',
    description: days,
    codes: ['not_found'],
  },
  listUsageByModel: { summary: 'List what one has used, by model', description: days, codes: ['not_found'] },
  listUsageRecords: {
    summary: 'List the ledger',
    description:
      'A row for each turn, call, title, summary and request for images. What ended badly is accounted by one rule: what the provider has counted, or else what was sent and delivered by our estimate (`estimated`); nothing where the provider has refused the question or could not be reached. A call whose process was killed (`interrupted`) is there with what it had delivered until a second before.',
    codes: ['not_found'],
  },
  exportUsageRecords: {
    summary: 'Export the ledger',
    description: 'The same rows as a file.',
    codes: ['not_found'],
    answers: { 200: csv },
  },
})

const adminTag = {
  name: 'Administration',
  description: 'For administrators alone. Every act is written down.',
}

export const adminUsageOperations = describeOperations(adminTag, {
  getAllUsageSummary: {
    summary: 'Get what all have used today, lately and in all',
    description: `Or one person, or one API key. ${days}`,
    codes: ['not_found'],
  },
  listAllUsageByDay: { summary: 'List what all have used, by day', description: days, codes: ['not_found'] },
  listAllUsageByHour: {
    summary: 'List what all have used, by hour of the day',
    description: days,
    codes: ['not_found'],
  },
  listAllUsageByModel: {
    summary: 'List what all have used, by model',
    description: `With error rates and latencies. ${days}`,
    codes: ['not_found'],
  },
  getLatencies: {
    summary: 'Get how long answers take',
    description:
      'Percentiles for all models together and each alone, within 24 hours or 7 days. Of more than 50,000 calls only the newest count.',
  },
  listUsageByProvider: {
    summary: 'List what all have used, by provider',
    description: `With error rates and latencies. ${days}`,
    codes: ['not_found'],
  },
  listUsageByKind: {
    summary: 'List what all have used, by what it was asked for',
    description: days,
    codes: ['not_found'],
  },
  listUsageByUser: {
    summary: 'List who has used the most',
    description: `At most 92 days, or all on which anything was used. ${days}`,
  },
  listUsageByKey: {
    summary: 'List the API keys that have used the most',
    description: `At most 92 days, or all on which anything was used. ${days}`,
    codes: ['not_found'],
  },
  listAllUsageRecords: {
    summary: 'List the ledger of all',
    description: 'Or of one person, or one API key.',
    codes: ['not_found'],
  },
  exportAllUsageRecords: {
    summary: 'Export the ledger of all',
    description: 'The same rows as a file.',
    codes: ['not_found'],
    answers: { 200: csv },
  },
})
