import { useEffect } from 'preact/hooks'
import { account } from '../account.ts'
import type { Site } from '../api.ts'
import { loadHistory, messages } from '../conversation.ts'
import { texts } from '../texts.ts'
import { Composer } from './composer.tsx'
import { Link } from './link.tsx'
import { Messages } from './messages.tsx'

export function Chat({ site }: { site: Site }) {
  const t = texts.value
  useEffect(() => void loadHistory(), [])
  return (
    <main class="chat">
      {messages.value.length === 0 ? (
        <div class="greeting">
          <h1>{t.greeting}</h1>
          <p class="hint">{t.greetingHint}</p>
        </div>
      ) : (
        <>
          <h1 class="visually-hidden">{t.conversation}</h1>
          <Messages />
        </>
      )}
      <div class="bottom">
        {site.anonymous_chat || account.value ? <Composer /> : <LogInFirst />}
        {site.demo && <p class="demo-notice">{t.demoNotice}</p>}
      </div>
    </main>
  )
}

function LogInFirst() {
  const t = texts.value
  return (
    <p class="log-in-first">
      {t.loginNeeded} <Link to="login">{t.logIn}</Link>
    </p>
  )
}
