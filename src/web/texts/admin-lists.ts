import { inBothLanguages } from '../language.ts'

/** Of the administration: what lists are narrowed down by. */
export const adminListTexts = inBothLanguages(
  {
    filterOf: (list: string) => `Filter: ${list}`,
    find: 'Find',
    findModels: 'Part of a name or id',
    findPlans: 'Part of a name',
    findKeys: 'Name, address or last characters',
    findHandedOut: 'Part of a note, or last characters',
    findActs: 'Name, address or id',
    nothingLikeThat: 'Nothing is like that.',
    expired: 'Ended',
    withdrawn: 'Withdrawn',
    resting: 'Resting',
    place: 'Place',
    people: 'People',
    changed: 'Changed',
  },
  {
    filterOf: (list: string) => `筛选：${list}`,
    find: '查找',
    findModels: '名称或标识的一部分',
    findPlans: '名称的一部分',
    findKeys: '名称、地址或末尾的一部分',
    findHandedOut: '备注或末尾的一部分',
    findActs: '名称、邮箱或标识',
    nothingLikeThat: '没有符合条件的内容。',
    expired: '已结束',
    withdrawn: '已撤回',
    resting: '暂停中',
    place: '顺序',
    people: '人数',
    changed: '修改时间',
  },
)
