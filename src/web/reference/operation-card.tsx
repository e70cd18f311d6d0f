import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { CodeExample } from './code-example.tsx'
import type { Answer, Placed } from './document.ts'
import { opened } from './opened.ts'
import { Field, SchemaView, typeOf } from './schema-view.tsx'
import { texts } from './texts.ts'
import { Inline, Words } from './words.tsx'

/** One operation: a line, and all about it once it is opened. */
export function OperationCard({ operation }: { operation: Placed }) {
  const { operationId, method, path, summary } = operation
  const card = useRef<HTMLDetailsElement>(null)
  const isOpen = useSignal(opened.value === operationId)
  useEffect(() => {
    if (opened.value !== operationId || card.current === null) return
    card.current.open = true
    card.current.scrollIntoView()
  }, [opened.value])
  return (
    <details
      class="operation"
      id={operationId}
      ref={card}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open
      }}
    >
      <summary>
        <span class={`method ${method.toLowerCase()}`}>{method}</span>
        <h3>{summary}</h3>
        <code class="path">
          <Path path={path} />
        </code>
      </summary>
      {isOpen.value && <Particulars operation={operation} />}
    </details>
  )
}

/** May be broken where a part of it ends. */
function Path({ path }: { path: string }) {
  return (
    <>
      {path.split(/(?=\/)/).map((part, at) => (
        <span key={at}>
          {part}
          <wbr />
        </span>
      ))}
    </>
  )
}

function Particulars({ operation }: { operation: Placed }) {
  const t = texts.value
  const { operationId, description, parameters = [], requestBody, responses, path } = operation
  const { 'x-client-frames': client, 'x-server-frames': server } = operation
  const bodies = Object.entries(requestBody?.content ?? {})
  return (
    <div class="particulars">
      <Words text={description} />
      <p class="note">
        <a href={`#${operationId}`} class="anchor">
          {operationId}
        </a>{' '}
        · {whoMay(operation, path)}
      </p>
      <CodeExample operation={operation} />
      {parameters.length > 0 && (
        <section>
          <h4>{t.parameters}</h4>
          <ul class="fields">
            {parameters.map(({ name, in: place, required, description, schema }) => (
              <Field
                key={place + name}
                name={name}
                schema={{ ...schema, description }}
                isRequired={required}
                note={t.where[place as keyof typeof t.where]}
              />
            ))}
          </ul>
        </section>
      )}
      {bodies.map(([type, { schema }]) => (
        <section key={type}>
          <h4>
            {t.body} <span class="note">{type}</span>
            {!requestBody?.required && <span class="note">{t.optional}</span>}
          </h4>
          {schema.description && <Words text={schema.description} />}
          <SchemaView schema={schema} />
        </section>
      ))}
      <section>
        <h4>{t.answers}</h4>
        {Object.entries(responses).map(([status, answer]) => (
          <AnswerView key={status} status={status} answer={answer} />
        ))}
      </section>
      {client && (
        <section>
          <h4>{t.fromClient}</h4>
          <SchemaView schema={client} />
        </section>
      )}
      {server && (
        <section>
          <h4>{t.fromServer}</h4>
          <SchemaView schema={server} isAnswer />
        </section>
      )}
    </div>
  )
}

function AnswerView({
  status,
  answer: { description, content = {}, headers = {} },
}: {
  status: string
  answer: Answer
}) {
  const t = texts.value
  const isOpen = useSignal(false)
  const isGood = Number(status) < 400
  const said = Object.entries(headers).filter(([, header]) => header.description !== undefined)
  return (
    <details
      class="answer"
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open
      }}
    >
      <summary>
        <span class={isGood ? 'status good' : 'status'}>{status}</span>{' '}
        <span class="note">{isGood ? <Inline text={description} /> : <Codes text={description} />}</span>
      </summary>
      {isOpen.value && (
        <div class="particulars">
          {!isGood && <Words text={description} />}
          {said.length > 0 && (
            <ul>
              {said.map(([name, header]) => (
                <li key={name}>
                  <code>{name}</code>: <Inline text={header.description ?? ''} />
                </li>
              ))}
            </ul>
          )}
          {Object.entries(content).map(([type, { schema, example, 'x-events': events }]) => (
            <section key={type}>
              <h5>
                {type} {schema.$ref && typeOf(schema)}
              </h5>
              {events ? (
                <>
                  <p class="note">{t.events}</p>
                  <SchemaView schema={events} isAnswer />
                </>
              ) : (
                <SchemaView schema={schema} isAnswer />
              )}
              {typeof example === 'string' && <pre>{example}</pre>}
            </section>
          ))}
        </div>
      )}
    </details>
  )
}

/** Of refusals the codes alone. */
function Codes({ text }: { text: string }) {
  const codes = text.match(/^`[a-z_]+`/gm) ?? []
  return codes.length === 0 ? <Inline text={text} /> : <Inline text={codes.join(' ')} />
}

function whoMay({ security }: Placed, path: string): string {
  const t = texts.value
  if (security.length === 0) return t.free
  if (security.some((one) => Object.keys(one).length === 0)) return t.mayLogIn
  return path.startsWith('/api/v1/admin') ? t.admin : t.logIn
}
