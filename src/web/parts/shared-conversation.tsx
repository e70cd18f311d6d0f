import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { account, isAccountKnown } from '../account.ts'
import { locale } from '../language.ts'
import { Markdown } from '../markdown/markdown.tsx'
import {
  branch,
  branchFault,
  copyBranch,
  copyFault,
  readBranch,
  type SharedBranch,
} from '../shared-branch.ts'
import { texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { Link } from './link.tsx'
import { LogIn } from './log-in.tsx'

/** What somebody has shared, for whoever has the link. */
export function SharedConversation({ token }: { token: string }) {
  const isLoggingIn = useSignal(false)
  const logIn = () => {
    isLoggingIn.value = true
  }
  useEffect(() => void readBranch(token), [token])
  if (isLoggingIn.value && account.value === null) return <LogIn notice="copyNeedsLogIn" />
  if (branch.value === null) return <Missing />
  return (
    <main class="chat">
      <Branch branch={branch.value} />
      <div class="bottom shared-actions">
        {copyFault.value && (
          <p class="refusal" role="alert">
            {texts.value[copyFault.value]}
          </p>
        )}
        {isAccountKnown.value && <CopyButton token={token} onLogIn={logIn} />}
      </div>
    </main>
  )
}

function Missing() {
  const t = texts.value
  return (
    <main class="chat" aria-busy={branchFault.value === null}>
      <h1 class="visually-hidden">{t.conversation}</h1>
      <div class="greeting">
        {branchFault.value && (
          <>
            <p role="alert">{t[branchFault.value]}</p>
            <p>
              <Link to="chat">{t.backToChat}</Link>
            </p>
          </>
        )}
      </div>
    </main>
  )
}

function Branch({ branch: { title, display_name, created_at, messages } }: { branch: SharedBranch }) {
  const t = texts.value
  const day = new Date(created_at).toLocaleDateString(locale.value, { dateStyle: 'long' })
  const by = display_name === null ? '' : `${t.sharedBy} ${display_name} · `
  return (
    <section
      class="messages"
      aria-label={t.conversation}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
      tabIndex={0}
    >
      <div class="message shared-head">
        <h1>{title}</h1>
        <p class="hint">
          {by}
          <time dateTime={created_at}>{day}</time>
        </p>
      </div>
      {messages.map(({ role, content }, at) => (
        <article key={at} class={`message ${role}`}>
          <h2 class="visually-hidden">{role === 'user' ? t.sharer : t.assistant}</h2>
          {role === 'user' ? <p class="bubble">{content}</p> : <Markdown text={content} />}
        </article>
      ))}
    </section>
  )
}

function CopyButton({ token, onLogIn }: { token: string; onLogIn: () => void }) {
  const isCopying = useSignal(false)
  const copy = async () => {
    if (account.value === null) return onLogIn()
    if (isCopying.value) return
    isCopying.value = true
    await copyBranch(token)
    isCopying.value = false
  }
  return (
    <Button look="primary" busy={isCopying.value} onClick={() => void copy()}>
      {texts.value.continueCopy}
    </Button>
  )
}
