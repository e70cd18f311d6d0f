import { useEffect } from 'preact/hooks'
import { loadHistory, messages } from '../conversation.ts'
import { texts } from '../texts.ts'
import { Composer } from './composer.tsx'
import { Messages } from './messages.tsx'

export function Chat({ demo }: { demo: boolean }) {
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
        <Composer />
        {demo && <p class="demo-notice">{t.demoNotice}</p>}
      </div>
    </main>
  )
}
