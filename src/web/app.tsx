import { effect } from '@preact/signals'
import { useErrorBoundary } from 'preact/hooks'
import { account, isAccountKnown, restoreAccount, sessionEnded } from './account.ts'
import { Chat } from './chat/chat.tsx'
import { PageBar, TopBar } from './chat/top-bar.tsx'
import { OpenDialogs } from './dialogs/open-dialogs.tsx'
import { followNetwork } from './network.ts'
import { followOtherWindows } from './other-windows.ts'
import { keepPageTitle } from './page-title.ts'
import { ErrorPage } from './pages/error-page.tsx'
import { MissingPage } from './pages/missing-page.tsx'
import { ForgotPassword } from './parts/forgot-password.tsx'
import { Header } from './parts/header.tsx'
import { LogIn } from './parts/log-in.tsx'
import { Register } from './parts/register.tsx'
import { ResetPassword } from './parts/reset-password.tsx'
import { SharedConversation } from './parts/shared-conversation.tsx'
import { home, page, shareToken } from './place.ts'
import { listenToShortcuts } from './shortcuts.ts'
import { SideColumn } from './sidebar/side-column.tsx'
import { readSite, site } from './site.ts'
import { Confirmation } from './ui/confirm.tsx'
import { lazily } from './ui/lazily.tsx'
import { Spinner } from './ui/progress.tsx'
import { Toasts } from './ui/toast.tsx'

effect(() => {
  const { logo } = site.value
  if (logo === null) return
  // That of a tab, and that of a phone's screen.
  for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel$=icon]')) {
    // What it is it says itself.
    icon.removeAttribute('type')
    icon.href = home() + logo
  }
})

void restoreAccount()
void readSite()
followOtherWindows()
followNetwork()
keepPageTitle()
listenToShortcuts()

export function App() {
  const [error] = useErrorBoundary((thrown) => console.error(thrown))
  if (error !== undefined) return <ErrorPage />
  return (
    <>
      <Frame />
      <OpenDialogs />
      <Confirmation />
      <Toasts />
    </>
  )
}

/** Pages that somebody with an account has his conversations beside. */
const inside = ['chat', 'dashboard', 'settings', 'admin']

function Frame() {
  if (account.value === null || !inside.includes(page.value)) {
    return (
      <div class="column">
        <Header />
        <CurrentPage />
      </div>
    )
  }
  return (
    <>
      <SideColumn />
      <div class="column">
        {page.value === 'chat' ? <TopBar /> : <PageBar />}
        <CurrentPage />
      </div>
    </>
  )
}

const Dashboard = lazily(async () => (await import('./pages/dashboard.tsx')).Dashboard)
const Settings = lazily(async () => (await import('./pages/settings.tsx')).Settings)
const Admin = lazily(async () => (await import('./pages/admin.tsx')).Admin)

function CurrentPage() {
  switch (page.value) {
    case 'login':
      return <LogIn />
    case 'register':
      return <Register />
    case 'forgot_password':
      return <ForgotPassword />
    case 'reset_password':
      return <ResetPassword />
    case 'shared':
      return <SharedConversation token={shareToken.value} />
    case 'chat':
      return <Chat />
    case 'missing':
      return <MissingPage />
    default:
      return <ForMembers />
  }
}

function ForMembers() {
  if (account.value === null) {
    if (!isAccountKnown.value) return <Spinner />
    return <LogIn notice={sessionEnded.value ? 'sessionEnded' : 'pageNeedsLogIn'} />
  }
  if (page.value === 'dashboard') return <Dashboard />
  return page.value === 'admin' ? <Admin /> : <Settings />
}
