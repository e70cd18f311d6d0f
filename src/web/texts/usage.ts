import { inBothLanguages } from '../language.ts'

/** What may be used, was used, and what that costs. */
export const usageTexts = inBothLanguages(
  {
    plan: 'Plan',
    planHint: 'What you may use, and what is left of it.',
    planName: (name: string) => `Your plan: ${name}`,
    unlimited: 'Your plan has no limits.',
    units: { requests: 'Requests', tokens: 'Tokens', cost: 'Money' },
    periods: { day: 'today', month: 'this month' },
    usedOf: (used: string, limit: string) => `${used} of ${limit}`,
    usedOnly: (used: string) => `${used} used, no limit`,
    resets: (moment: string) => `begins anew ${moment}`,
    usedUp: 'used up',
  },
  {
    plan: '套餐',
    planHint: '你可以使用多少，还剩多少。',
    planName: (name: string) => `当前套餐：${name}`,
    unlimited: '你的套餐没有限额。',
    units: { requests: '请求数', tokens: 'Token 数', cost: '金额' },
    periods: { day: '今日', month: '本月' },
    usedOf: (used: string, limit: string) => `${used} / ${limit}`,
    usedOnly: (used: string) => `已用 ${used}，不限`,
    resets: (moment: string) => `${moment} 重置`,
    usedUp: '已用完',
  },
)
