import { inBothLanguages } from '../language.ts'

/** What may be used, was used, and what that costs. */
export const usageTexts = inBothLanguages(
  {
    plan: 'Plan',
    planHint: 'What you may use, and what is left of it.',
    planName: (name: string) => `Your plan: ${name}`,
    unlimited: 'Your plan has no limits.',
    units: { requests: 'Requests', tokens: 'Tokens', cost: 'Money' },
    windows: {
      requests_day: 'Requests today',
      tokens_day: 'Tokens today',
      cost_day: 'Money today',
      requests_month: 'Requests this month',
      tokens_month: 'Tokens this month',
      cost_month: 'Money this month',
    },
    usedOf: (used: string, limit: string) => `${used} of ${limit}`,
    resets: (moment: string) => `begins anew ${moment}`,
    usedUp: 'used up',
  },
  {
    plan: '套餐',
    planHint: '你可以使用多少，还剩多少。',
    planName: (name: string) => `当前套餐：${name}`,
    unlimited: '你的套餐没有限额。',
    units: { requests: '请求数', tokens: 'Token 数', cost: '金额' },
    windows: {
      requests_day: '今日请求数',
      tokens_day: '今日 Token 数',
      cost_day: '今日金额',
      requests_month: '本月请求数',
      tokens_month: '本月 Token 数',
      cost_month: '本月金额',
    },
    usedOf: (used: string, limit: string) => `${used} / ${limit}`,
    resets: (moment: string) => `${moment} 重置`,
    usedUp: '已用完',
  },
)
