import { useEffect } from 'preact/hooks'
import { account, accountId, isAccountKnown, sessionEnded } from '../account.ts'
import type { Site } from '../api.ts'
import { openConversation } from '../conversation.ts'
import { conversationId } from '../place.ts'
import { isCutOff, isEmpty, isLoading, notice } from '../talk.ts'
import { texts } from '../texts.ts'
import { Composer } from './composer.tsx'
import { Link } from './link.tsx'
import { LogIn } from './log-in.tsx'
import { Messages } from './messages.tsx'
import { Recent } from './recent.tsx'

export function Chat({ site }: { site: Site }) {
  if (!isAccountKnown.value) return <Waiting />
  const isLost = account.value === null && (sessionEnded.value || conversationId.value !== null)
  if (isLost) return <LogIn notice={sessionEnded.value ? 'sessionEnded' : 'conversationNeedsLogIn'} />
  return <Conversation site={site} />
}

function Conversation({ site }: { site: Site }) {
  const t = texts.value
  useEffect(() => openConversation(conversationId.value), [accountId.value, conversationId.value])
  return (
    <main class="chat" aria-busy={isLoading.value}>
      {isEmpty.value ? (
        <div class="greeting">
          {conversationId.value === null && <h1>{t.greeting}</h1>}
          {conversationId.value === null && <p class="hint">{t.greetingHint}</p>}
          {conversationId.value === null && account.value !== null && <Recent />}
        </div>
      ) : (
        <>
          <h1 class="visually-hidden">{t.conversation}</h1>
          <Messages />
        </>
      )}
      <div class="bottom">
        <Connection />
        {notice.value && (
          <p class="refusal state" role="alert">
            {t[notice.value]}
          </p>
        )}
        {site.anonymous_chat || account.value ? <Composer /> : <LogInFirst />}
        {site.demo && <p class="demo-notice">{t.demoNotice}</p>}
      </div>
    </main>
  )
}

/** Until it is known who is here. */
function Waiting() {
  return (
    <main class="chat" aria-busy="true">
      <div class="greeting">
        <Connection />
      </div>
    </main>
  )
}

function Connection() {
  return <div role="status">{isCutOff.value && <p class="hint state">{texts.value.reconnecting}</p>}</div>
}

function LogInFirst() {
  const t = texts.value
  return (
    <p class="log-in-first">
      {t.loginNeeded} <Link to="login">{t.logIn}</Link>
    </p>
  )
}
