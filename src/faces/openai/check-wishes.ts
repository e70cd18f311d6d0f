import { type Fields, isObject, isText, wrong } from './field-kinds.ts'

/**
 * The fields that all providers know, where they are given and not null. What is not among them is the provider's
 * affair, and so is whether a model can do it. Throws `invalid_request`.
 */
export function checkWishes(path: '/chat/completions' | '/responses', fields: Fields): void {
  for (const [name, { isRight, expected }] of wishesOf[path]) {
    const value = fields[name]
    if (value != null && !isRight(value)) throw wrong(name, `Expected ${expected}`)
  }
  if (Array.isArray(fields.tools)) checkTools(fields.tools, path === '/chat/completions')
}

interface Kind {
  isRight(value: unknown): boolean
  expected: string
}

const between = (least: number, most: number): Kind => ({
  isRight: (value) => typeof value === 'number' && value >= least && value <= most,
  expected: `a number from ${least} to ${most}`,
})
const listOf = (isRight: (value: unknown) => boolean, expected: string): Kind => ({
  isRight: (value) => Array.isArray(value) && value.every(isRight),
  expected: `a list of ${expected}`,
})
const or = (one: Kind, other: Kind): Kind => ({
  isRight: (value) => one.isRight(value) || other.isRight(value),
  expected: `${one.expected}, or ${other.expected}`,
})
const text: Kind = { isRight: isText, expected: 'a text' }
const object: Kind = { isRight: isObject, expected: 'an object' }
const whole: Kind = { isRight: Number.isInteger, expected: 'a whole number' }
const yesOrNo: Kind = { isRight: (value) => typeof value === 'boolean', expected: 'true or false' }
// Of what is fetched later, nobody here would know what it has used.
const awaited: Kind = {
  isRight: (value) => value === false,
  expected: 'false: an answer is waited for here, and can be streamed',
}
const format: Kind = {
  isRight: (value) => isObject(value) && isText(value.type),
  expected: 'an object with a type',
}
// Some take tokens too, by their numbers.
const stops = listOf((one) => isText(one) || Number.isInteger(one) || Array.isArray(one), 'texts')

const both: Record<string, Kind> = {
  temperature: between(0, 2),
  top_p: between(0, 1),
  top_logprobs: whole,
  tools: listOf(isObject, 'objects'),
  tool_choice: or(text, object),
  parallel_tool_calls: yesOrNo,
  metadata: object,
  store: yesOrNo,
  user: text,
  service_tier: text,
}

const wishesOf = {
  '/chat/completions': Object.entries({
    ...both,
    presence_penalty: between(-2, 2),
    frequency_penalty: between(-2, 2),
    stop: or(text, stops),
    seed: whole,
    logprobs: yesOrNo,
    logit_bias: object,
    response_format: format,
    modalities: listOf(isText, 'texts'),
    audio: object,
    prediction: object,
    reasoning_effort: text,
    functions: listOf(isObject, 'objects'),
    function_call: or(text, object),
  }),
  '/responses': Object.entries({
    ...both,
    instructions: text,
    previous_response_id: text,
    reasoning: object,
    text: object,
    truncation: text,
    background: awaited,
  }),
}

/** Some providers do without the type where there is a function. */
function checkTools(tools: unknown[], areNested: boolean): void {
  for (const [at, tool] of tools.entries()) {
    if (!isObject(tool)) continue
    const { type, function: called } = tool
    const isCalled = type === 'function' || called != null
    if (!isText(type) && (type != null || called == null)) {
      throw wrong(`tools[${at}].type`, 'Expected a text')
    }
    if (areNested && isCalled && !(isObject(called) && isText(called.name) && called.name !== '')) {
      throw wrong(`tools[${at}].function`, 'Expected an object with a name')
    }
  }
}
