import { inBothLanguages } from '../language.ts'

export const shortcutTexts = inBothLanguages(
  {
    newChat: 'New chat',
    search: 'Search',
    toMessage: 'Write a message',
    copyAnswer: 'Copy the last answer',
    sidebar: 'Show or hide the sidebar',
    help: 'This list',
    send: 'Send',
    newLine: 'New line',
    editLast: 'Edit the last question (in an empty field)',
  },
  {
    newChat: '新对话',
    search: '搜索',
    toMessage: '开始输入',
    copyAnswer: '复制最后一个回答',
    sidebar: '显示或隐藏侧栏',
    help: '本列表',
    send: '发送',
    newLine: '换行',
    editLast: '修改上一个提问（输入框为空时）',
  },
)
