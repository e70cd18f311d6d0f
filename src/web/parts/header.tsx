import { account, accountName, logOut } from '../account.ts'
import { startAnew } from '../conversation.ts'
import { chooseLanguage, language } from '../language.ts'
import { page } from '../place.ts'
import { texts } from '../texts.ts'
import { Link } from './link.tsx'

export function Header({ siteName }: { siteName: string }) {
  const t = texts.value
  return (
    <header class="header">
      <Link to="chat" class="brand">
        <Logo />
        <span>{siteName}</span>
      </Link>
      <nav class="actions">
        {page.value === 'chat' && (
          <button type="button" class="quiet" onClick={() => void startAnew()}>
            {t.newChat}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          lang={language.value === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
        >
          {t.languageSwitch}
        </button>
        <AccountActions />
      </nav>
    </header>
  )
}

function AccountActions() {
  const t = texts.value
  if (account.value) {
    return (
      <>
        <span class="account-name">{accountName(account.value)}</span>
        <button type="button" class="quiet" onClick={() => void logOut()}>
          {t.logOut}
        </button>
      </>
    )
  }
  return (
    <>
      {page.value !== 'login' && (
        <Link to="login" class="quiet">
          {t.logIn}
        </Link>
      )}
      {page.value !== 'register' && (
        <Link to="register" class="primary">
          {t.register}
        </Link>
      )}
    </>
  )
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path
        class="logo"
        d="M9 5h14a7 7 0 0 1 7 7v5a7 7 0 0 1-7 7h-6l-6 5v-5H9a7 7 0 0 1-7-7v-5a7 7 0 0 1 7-7z"
      />
    </svg>
  )
}
