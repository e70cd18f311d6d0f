/** What stands around blocks of code, diagrams and pictures. */
export const markdownWords = {
  'en-GB': {
    copy: 'Copy',
    copied: 'Copied',
    wrap: 'Wrap lines',
    picture: 'Show picture:',
    draw: 'Draw the diagram',
    diagram: 'Diagram',
    noDiagram: 'It cannot be drawn.',
    source: 'Show the source',
  },
  'zh-CN': {
    copy: '复制',
    copied: '已复制',
    wrap: '自动换行',
    picture: '查看图片：',
    draw: '绘制图表',
    diagram: '图表',
    noDiagram: '无法绘制。',
    source: '查看源码',
  },
}
