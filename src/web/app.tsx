import { effect, signal } from '@preact/signals'
import { restoreAccount } from './account.ts'
import { fetchSite, type Site } from './api.ts'
import { followOtherWindows } from './other-windows.ts'
import { Chat } from './parts/chat.tsx'
import { ForgotPassword } from './parts/forgot-password.tsx'
import { Header } from './parts/header.tsx'
import { LogIn } from './parts/log-in.tsx'
import { Register } from './parts/register.tsx'
import { ResetPassword } from './parts/reset-password.tsx'
import { SharedConversation } from './parts/shared-conversation.tsx'
import { page, shareToken } from './place.ts'
import { branch } from './shared-branch.ts'
import { title } from './talk.ts'

const site = signal<Site>({ name: 'CloudChat', demo: false, anonymous_chat: true })

effect(() => {
  const { name } = site.value
  const shown = page.value === 'shared' ? branch.value?.title : page.value === 'chat' ? title.value : null
  document.title = shown ? `${shown} · ${name}` : name
})

void restoreAccount()
followOtherWindows()
fetchSite().then(
  (found) => {
    site.value = found
  },
  () => undefined, // The page works without: only the name and a notice are missing.
)

export function App() {
  return (
    <>
      <Header siteName={site.value.name} />
      <CurrentPage />
    </>
  )
}

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
      return <Chat site={site.value} />
  }
}
