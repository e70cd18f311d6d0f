import { useEffect } from 'preact/hooks'
import { account, accountId, isAccountKnown, sessionEnded } from '../account.ts'
import { ends } from '../announce.ts'
import { openConversation } from '../conversation.ts'
import { wordsOfExcess } from '../excess.ts'
import { Link } from '../parts/link.tsx'
import { LogIn } from '../parts/log-in.tsx'
import { SiteFoot } from '../parts/site-foot.tsx'
import { conversationId } from '../place.ts'
import { site } from '../site.ts'
import { isCutOff, isEmpty, isLoading, notice } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { texts } from '../texts.ts'
import { Spinner } from '../ui/progress.tsx'
import { Composer } from './composer.tsx'
import { Greeting } from './greeting.tsx'
import { Messages } from './messages.tsx'

/** A conversation, or the log-in where one is needed to see it. */
export function Chat() {
  if (!isAccountKnown.value) return <Waiting />
  const isLost = account.value === null && (sessionEnded.value || conversationId.value !== null)
  if (isLost) return <LogIn notice={sessionEnded.value ? 'sessionEnded' : 'conversationNeedsLogIn'} />
  return <Conversation />
}

function Conversation() {
  const t = texts.value
  useEffect(() => openConversation(conversationId.value), [accountId.value, conversationId.value])
  const isNew = isEmpty.value && conversationId.value === null
  return (
    <main class={isNew ? 'chat new' : 'chat'} aria-busy={isLoading.value}>
      {isNew ? <Greeting /> : <h1 class="visually-hidden">{t.conversation}</h1>}
      {!isNew && (isEmpty.value ? <Nothing /> : <Messages />)}
      <div class="bottom">
        <Connection />
        {notice.value && notice.value !== 'conversationGone' && (
          <p class="refusal state" role="alert">
            {typeof notice.value === 'string' ? t[notice.value] : wordsOfExcess(notice.value)}
          </p>
        )}
        {site.value.anonymous_chat || account.value ? <Composer /> : <LogInFirst />}
        {site.value.demo && <p class="demo-notice">{t.demoNotice}</p>}
        {isNew && <SiteFoot />}
      </div>
      <EndOfAnswer />
    </main>
  )
}

function Nothing() {
  const t = texts.value
  return (
    <div class="greeting">
      {isLoading.value && <Spinner />}
      <div role="alert">
        {notice.value === 'conversationGone' && (
          <>
            <p>{t.conversationGone}</p>
            <p class="hint">{chatTexts.value.askAnew}</p>
          </>
        )}
      </div>
    </div>
  )
}

/** For whoever cannot see that the answer has come to its end. */
function EndOfAnswer() {
  return (
    <div role="status" class="visually-hidden">
      {ends.value > 0 && <span key={ends.value}>{chatTexts.value.answerEnded}</span>}
    </div>
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
