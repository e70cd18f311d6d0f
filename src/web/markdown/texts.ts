import { inBothLanguages } from '../language.ts'

/** What stands on an answer besides what the model has written. */
export const markdownTexts = inBothLanguages(
  {
    code: 'Code',
    copy: 'Copy',
    copied: 'Copied',
    wrapLines: 'Wrap lines',
    table: 'Table',
    formula: 'Formula',
    showPicture: 'Show picture:',
    taskDone: 'Done',
    taskOpen: 'To do',
  },
  {
    code: '代码',
    copy: '复制',
    copied: '已复制',
    wrapLines: '自动换行',
    table: '表格',
    formula: '公式',
    showPicture: '查看图片：',
    taskDone: '已完成',
    taskOpen: '未完成',
  },
)
