import { account } from '../account.ts'
import { startAnew } from '../conversation.ts'
import { chooseLanguage, language } from '../language.ts'
import { page } from '../place.ts'
import { site } from '../site.ts'
import { shellTexts } from '../texts/shell.ts'
import { texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { Brand } from './brand.tsx'
import { Link } from './link.tsx'
import { themeItems } from './theme-items.ts'

/** Above the pages that have no sidebar: those of visitors, and what somebody has shared. */
export function Header() {
  const t = texts.value
  return (
    <header class="header">
      <Brand />
      <nav class="actions" aria-label={shellTexts.value.navigation}>
        {page.value === 'chat' && (
          <Button look="quiet" onClick={() => void startAnew()}>
            {t.newChat}
          </Button>
        )}
        <Preferences />
        {account.value === null && <Doors />}
      </nav>
    </header>
  )
}

function Preferences() {
  const t = shellTexts.value
  const other = language.value === 'zh' ? 'en' : 'zh'
  return (
    <Menu
      name={t.preferences}
      items={[
        { label: texts.value.languageSwitch, icon: 'language', onChoose: () => chooseLanguage(other) },
        null,
        ...themeItems(),
      ]}
    >
      <Icon name="language" />
    </Menu>
  )
}

function Doors() {
  const t = texts.value
  return (
    <>
      {page.value !== 'login' && (
        <Link to="login" class="button quiet">
          {t.logIn}
        </Link>
      )}
      {page.value !== 'register' && site.value.registration !== 'closed' && (
        <Link to="register" class="button primary">
          {t.register}
        </Link>
      )}
    </>
  )
}
