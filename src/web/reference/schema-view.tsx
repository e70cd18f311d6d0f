import { useSignal } from '@preact/signals'
import { named, type Schema } from './document.ts'
import { texts } from './texts.ts'
import { Inline } from './words.tsx'

interface SchemaProps {
  schema: Schema
  /** Of what is sent it matters what must be there; of an answer, what may be missing. */
  isAnswer?: boolean
}

/** A schema: its fields if it has any, else what it is. What is inside comes when it is asked for. */
export function SchemaView({ schema, isAnswer = false }: SchemaProps) {
  const target = named(schema)?.schema ?? schema
  const choices = choicesOf(target)
  if (target.properties !== undefined) return <Fields schema={target} isAnswer={isAnswer} />
  if (choices.length > 1) return <Choices choices={choices} isAnswer={isAnswer} />
  const items = target.items
  if (items !== undefined && hasInside(items)) return <SchemaView schema={items} isAnswer={isAnswer} />
  return (
    <p class="type">
      <TypeOf schema={target} />
    </p>
  )
}

function Fields({ schema: { properties = {}, required = [] }, isAnswer = false }: SchemaProps) {
  return (
    <ul class="fields">
      {Object.entries(properties).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          schema={field}
          isRequired={required.includes(name)}
          isAnswer={isAnswer}
        />
      ))}
    </ul>
  )
}

interface FieldProps extends SchemaProps {
  name: string
  isRequired: boolean
  note?: string
}

/** A field or a parameter. */
export function Field({ name, schema, isRequired, isAnswer = false, note }: FieldProps) {
  const t = texts.value
  const description = schema.description ?? named(schema)?.schema.description
  return (
    <li class="field">
      <p class="field-head">
        <code class="name">{name}</code> <TypeOf schema={schema} />
        {note && <span class="note">{note}</span>}
        {isRequired !== isAnswer && (
          <span class={isRequired ? 'note must' : 'note'}>{isRequired ? t.required : t.optional}</span>
        )}
      </p>
      {description && (
        <p class="meaning">
          <Inline text={description} />
        </p>
      )}
      <Bounds schema={schema} />
      {hasInside(schema) && <Inside schema={schema} isAnswer={isAnswer} />}
    </li>
  )
}

function Inside({ schema, isAnswer = false }: SchemaProps) {
  const isOpen = useSignal(false)
  return (
    <details
      class="inside"
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open
      }}
    >
      <summary>{texts.value.fields}</summary>
      {isOpen.value && <SchemaView schema={insideOf(schema)} isAnswer={isAnswer} />}
    </details>
  )
}

function Choices({ choices, isAnswer }: { choices: Schema[]; isAnswer: boolean }) {
  return (
    <ul class="choices">
      {choices.map((choice, at) => (
        <li key={at}>
          {choice.description && (
            <p class="meaning">
              <Inline text={choice.description} />
            </p>
          )}
          <SchemaView schema={choice} isAnswer={isAnswer} />
        </li>
      ))}
    </ul>
  )
}

function TypeOf({ schema }: { schema: Schema }) {
  return <span class="type">{typeOf(schema)}</span>
}

export function typeOf(schema: Schema): string {
  const t = texts.value
  const reference = named(schema)
  if (reference !== null) return reference.name
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const choices = choicesOf(schema)
  if (choices.length > 0) return choices.map(typeOf).join(' | ')
  if (schema.items !== undefined) return `${t.listOf} ${typeOf(schema.items)}`
  const types = [schema.type ?? t.anything].flat().join(' | ')
  return schema.format === undefined ? types : `${types} (${schema.format})`
}

function Bounds({ schema }: { schema: Schema }) {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema
  const bounds = [
    between(minimum, maximum, ''),
    between(minLength, maxLength, ' characters'),
    between(minItems, maxItems, ' items'),
    pattern === undefined ? '' : pattern,
  ].filter(Boolean)
  return bounds.length === 0 ? null : <p class="bounds">{bounds.join(' · ')}</p>
}

function between(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return ''
  if (most === undefined) return `≥ ${least}${unit}`
  return least === undefined ? `≤ ${most}${unit}` : `${least} … ${most}${unit}`
}

function choicesOf({ anyOf, oneOf }: Schema): Schema[] {
  return anyOf ?? oneOf ?? []
}

/** Whether there is more to it than a type. */
function hasInside(schema: Schema): boolean {
  const target = named(schema)?.schema ?? schema
  if (target.properties !== undefined) return Object.keys(target.properties).length > 0
  if (target.items !== undefined) return hasInside(target.items)
  return choicesOf(target).some(hasInside)
}

/** Of a list its items; of something or null the something. */
function insideOf(schema: Schema): Schema {
  const target = named(schema)?.schema ?? schema
  if (target.items !== undefined) return insideOf(target.items)
  const [only, ...others] = choicesOf(target).filter(hasInside)
  return only !== undefined && others.length === 0 ? insideOf(only) : target
}
