import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { edit } from '../branches.ts'
import { talk } from '../conversation.ts'
import { Markdown } from '../markdown/markdown.tsx'
import type { Message } from '../talk.ts'
import { chatTexts } from '../texts/chat.ts'
import { texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { found } from '../wanted-message.ts'
import { AnswerActions } from './answer-actions.tsx'
import { EditQuestion } from './edit-question.tsx'
import { isLongQuestion } from './long-question.ts'
import { QuestionActions } from './question-actions.tsx'
import { Reasoning } from './reasoning.tsx'
import { useInSight } from './use-in-sight.ts'

interface Props {
  message: Message
  isLast: boolean
  isWritten: boolean
}

/** A question or an answer, with what can be done about it. */
export function MessageView(props: Props) {
  const { message, isWritten } = props
  const { key, role } = message
  const article = useRef<HTMLElement>(null)
  const isInSight = useInSight(article)
  return (
    <article
      ref={article}
      id={`message-${key}`}
      class={`message ${role}${found.value === key ? ' found' : ''}`}
      aria-busy={isWritten}
      tabIndex={-1}
    >
      <h2 class="visually-hidden">{role === 'user' ? texts.value.you : texts.value.assistant}</h2>
      {role === 'user' ? (
        <Question message={message} isInSight={isInSight} />
      ) : (
        <Answer {...props} isInSight={isInSight} />
      )}
    </article>
  )
}

function Question({ message, isInSight }: { message: Message; isInSight: boolean }) {
  const t = chatTexts.value
  const isEditing = useSignal(false)
  const isWhole = useSignal(false)
  const isLong = isLongQuestion(message.content)
  if (isEditing.value) {
    return (
      <EditQuestion
        text={message.content}
        onEnd={(text) => {
          isEditing.value = false
          if (text !== null) void edit(message, text)
        }}
      />
    )
  }
  return (
    <>
      <p class={isLong && !isWhole.value ? 'bubble cut' : 'bubble'}>{message.content}</p>
      {isLong && (
        <Button
          small
          look="quiet"
          class="unfold"
          onClick={() => {
            isWhole.value = !isWhole.value
          }}
        >
          {isWhole.value ? t.showLess : t.showAll}
        </Button>
      )}
      <div class="message-actions">
        {isInSight && (
          <QuestionActions
            message={message}
            onEdit={() => {
              isEditing.value = true
            }}
          />
        )}
      </div>
    </>
  )
}

function Answer({ message, isLast, isWritten, isInSight }: Props & { isInSight: boolean }) {
  const t = texts.value
  const { content, reasoning, fault, remedy } = message
  return (
    <>
      {reasoning !== undefined && <Reasoning text={reasoning} isThinking={isWritten && content === ''} />}
      <Markdown text={content} isStreaming={isWritten} />
      {isWritten && content === '' && reasoning === undefined && (
        <p class="thinking">
          <span class="visually-hidden">{chatTexts.value.thinking}</span>
        </p>
      )}
      {fault && <p class={fault === 'stopped' ? 'hint' : 'refusal'}>{t[fault]}</p>}
      {!isWritten && (
        <div class={isLast ? 'message-actions shown' : 'message-actions'}>
          {isLast && remedy && (
            <Button small onClick={() => void talk.value.mend()}>
              {remedy === 'go_on' ? t.continueAnswer : t.tryAgain}
            </Button>
          )}
          {(isInSight || isLast) && <AnswerActions message={message} />}
        </div>
      )}
    </>
  )
}
