import { inBothLanguages } from '../language.ts'

/** What stands on an answer besides what the model has written. */
export const markdownTexts = inBothLanguages(
  {
    code: 'Code',
    copy: 'Copy',
    copied: 'Copied',
    wrapLines: 'Wrap lines',
    table: 'Table',
    diagram: 'Diagram',
    drawDiagram: 'Draw the diagram',
    showSource: 'Show the source',
    noDiagram: 'It cannot be drawn.',
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
    diagram: '图表',
    drawDiagram: '绘制图表',
    showSource: '查看源码',
    noDiagram: '无法绘制。',
    showPicture: '查看图片：',
    taskDone: '已完成',
    taskOpen: '未完成',
  },
)
