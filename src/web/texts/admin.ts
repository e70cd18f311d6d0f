import { computed } from '@preact/signals'
import { inBothLanguages } from '../language.ts'
import { adminLimitTexts } from './admin-limits.ts'
import { adminListTexts } from './admin-lists.ts'
import { adminModelTexts } from './admin-models.ts'
import { adminOverviewTexts } from './admin-overview.ts'
import { adminPeopleTexts } from './admin-people.ts'
import { adminSiteTexts } from './admin-site.ts'

/** What several parts of the administration say. */
const commonTexts = inBothLanguages(
  {
    onlyAdmins: 'This page is for administrators. Your account is not one.',
    parts: 'Parts of the administration',
    names: {
      overview: 'Overview',
      users: 'Users',
      plans: 'Plans',
      models: 'Models',
      keys: 'Provider keys',
      invites: 'Invitations',
      codes: 'Top-up codes',
      usage: 'Usage',
      settings: 'Site settings',
      log: 'Audit log',
    },
    any: 'All',
    choose: 'Choose…',
    change: 'Change',
    enable: 'Enable',
    disable: 'Disable',
    actsOf: (name: string) => `Actions: ${name}`,
    saved: (name: string) => `${name} is saved.`,
    deleted: (name: string) => `${name} is deleted.`,
    enabled: (name: string) => `${name} is enabled.`,
    disabled: (name: string) => `${name} is disabled.`,
    disableTitle: (name: string) => `Disable “${name}”?`,
    deleteTitle: (name: string) => `Delete “${name}”?`,
    status: 'Status',
    states: {
      active: 'Active',
      banned: 'Banned',
      invited: 'No password yet',
      on: 'In use',
      off: 'Disabled',
      unusable: 'Cannot be asked',
      unreadable: 'Unreadable',
      usedUp: 'Used up',
      open: 'Open',
    },
    textUnfit: 'One line of 1 to 100 characters.',
    numberUnfit: 'A whole number that is not too large.',
  },
  {
    onlyAdmins: '此页面仅供管理员使用，你的账号不是管理员。',
    parts: '管理分类',
    names: {
      overview: '概况',
      users: '用户',
      plans: '套餐',
      models: '模型',
      keys: '服务商密钥',
      invites: '邀请',
      codes: '充值码',
      usage: '用量',
      settings: '站点设置',
      log: '审计日志',
    },
    any: '全部',
    choose: '请选择…',
    change: '修改',
    enable: '启用',
    disable: '停用',
    actsOf: (name: string) => `操作：${name}`,
    saved: (name: string) => `已保存 ${name}。`,
    deleted: (name: string) => `已删除 ${name}。`,
    enabled: (name: string) => `已启用 ${name}。`,
    disabled: (name: string) => `已停用 ${name}。`,
    disableTitle: (name: string) => `停用“${name}”？`,
    deleteTitle: (name: string) => `删除“${name}”？`,
    status: '状态',
    states: {
      active: '正常',
      banned: '已封禁',
      invited: '尚未设置密码',
      on: '使用中',
      off: '已停用',
      unusable: '无法调用',
      unreadable: '无法读取',
      usedUp: '已用完',
      open: '有效',
    },
    textUnfit: '一行，1 至 100 个字符。',
    numberUnfit: '请填写整数，且不能过大。',
  },
)

/** The pages of the administration. */
export const adminTexts = computed(() => ({
  ...commonTexts.value,
  ...adminPeopleTexts.value,
  ...adminModelTexts.value,
  ...adminSiteTexts.value,
  overview: adminOverviewTexts.value,
  limits: adminLimitTexts.value,
  lists: adminListTexts.value,
}))

export type ActName = keyof typeof adminTexts.value.acts
