import { inBothLanguages } from '../language.ts'

export const searchTexts = inBothLanguages(
  {
    placeholder: 'Words, or a "phrase"',
    hint: 'Finds titles and messages, also by the beginning of a word.',
    filters: 'Narrow it down',
    saidBy: 'Said by',
    anybody: 'Anybody',
    me: 'Me',
    assistant: 'The assistant',
    from: 'From',
    to: 'To',
    onlyHere: 'Only in this conversation',
    nothing: 'Nothing was found.',
    found: (count: number) => `${count} found`,
  },
  {
    placeholder: '关键词，或用引号括起的"短语"',
    hint: '搜索标题和消息内容，一个字即可。',
    filters: '缩小范围',
    saidBy: '发言者',
    anybody: '所有人',
    me: '我',
    assistant: '助手',
    from: '从',
    to: '到',
    onlyHere: '只在当前对话中',
    nothing: '没有找到。',
    found: (count: number) => `找到 ${count} 条`,
  },
)
