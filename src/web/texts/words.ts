import { inBothLanguages } from '../language.ts'

/** Words of the components, wherever they are used. */
export const words = inBothLanguages(
  {
    actions: 'Actions',
    cancel: 'Cancel',
    close: 'Close',
    delete: 'Delete',
    dismiss: 'Dismiss',
    loading: 'Loading…',
    more: 'Show more',
    reload: 'Load again',
    remove: 'Remove',
    save: 'Save',
    saved: 'Saved',
    showInput: 'Show what is written',
    sortBy: 'Sort by',
    undo: 'Undo',
  },
  {
    actions: '操作',
    cancel: '取消',
    close: '关闭',
    delete: '删除',
    dismiss: '知道了',
    loading: '加载中…',
    more: '显示更多',
    reload: '重新加载',
    remove: '移除',
    save: '保存',
    saved: '已保存',
    showInput: '显示输入的内容',
    sortBy: '排序',
    undo: '撤销',
  },
)
