import { account, accountName, logOut } from '../account.ts'
import { language } from '../language.ts'
import { show } from '../open-dialog.ts'
import { themeItems } from '../parts/theme-items.ts'
import { goTo, type Page } from '../place.ts'
import { speak } from '../speak.ts'
import { shellTexts } from '../texts/shell.ts'
import { texts } from '../texts.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItem, type MenuItems } from '../ui/menu.tsx'
import { isDrawerOpen } from './sidebar-state.ts'

/** Who is logged in, and what is his apart from conversations. */
export function AccountMenu() {
  const user = account.value
  if (user === null) return null
  const name = accountName(user)
  const t = shellTexts.value
  return (
    <Menu name={t.accountOf(name)} isNamedInside title={name} class="account-button" items={itemsOf()}>
      <span class="avatar" data-letter={[...name][0]?.toUpperCase() ?? '·'} />
      <span class="visually-hidden">{t.account}</span>
      <span class="account-name">{name}</span>
      <Icon name="more" size={18} />
    </Menu>
  )
}

function itemsOf(): MenuItems {
  const t = shellTexts.value
  return [
    { label: t.settings, icon: 'settings', onChoose: () => leaveFor('settings') },
    { label: t.dashboard, icon: 'chart', onChoose: () => leaveFor('dashboard') },
    ...(account.value?.role === 'admin' ? [adminItem()] : []),
    { label: t.sharedLinks, icon: 'link', onChoose: () => show({ type: 'shares' }) },
    { label: t.shortcuts, icon: 'help', onChoose: () => show({ type: 'shortcuts' }) },
    null,
    ...themeItems(),
    null,
    {
      label: texts.value.languageSwitch,
      icon: 'language',
      onChoose: () => speak(language.value === 'zh' ? 'en' : 'zh'),
    },
    { label: texts.value.logOut, icon: 'logOut', onChoose: () => void logOut() },
  ]
}

function leaveFor(page: Page): void {
  isDrawerOpen.value = false
  goTo(page)
}

/** For who may go there. */
function adminItem(): MenuItem {
  return { label: shellTexts.value.admin, icon: 'key', onChoose: () => leaveFor('admin') }
}
