import { inBothLanguages } from '../language.ts'

/** What is wrong with a field before it is sent. */
export const fieldTexts = inBothLanguages(
  {
    missing: 'Please fill this in.',
    noNumber: 'Please enter a number.',
    noDate: 'Please enter a whole date.',
    tooSmall: (min: string) => `At least ${min}.`,
    tooLarge: (max: string) => `At most ${max}.`,
    noStep: 'Please enter a whole number.',
    unfit: 'This does not fit here.',
  },
  {
    missing: '请填写此项。',
    noNumber: '请输入数字。',
    noDate: '请输入完整的日期。',
    tooSmall: (min: string) => `不能小于 ${min}。`,
    tooLarge: (max: string) => `不能大于 ${max}。`,
    noStep: '请输入整数。',
    unfit: '此项填写不正确。',
  },
)
