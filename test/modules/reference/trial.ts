import fc from 'fast-check'
import type { TestApp } from '../../support/harness.ts'
import { hostileValues } from '../../support/hostile.ts'
import { type Answer, type Answers, createAnswers } from './answers.ts'
import { arbitraryOf } from './arbitrary.ts'
import { type Operation, operationsOf, type Reference, resolved, type Schema } from './reference.ts'
import { type Call, goodCall, send } from './requests.ts'
import type { Member, World } from './world.ts'

/** Asks operations in all ways, and writes down each answer that is not as the reference says. */
export interface Trial {
  world: World
  answers: Answers
  /** `operation: what is wrong (what was sent)`. */
  faults: string[]
  operation(id: string): Operation
  /** A request that makes sense, with changes. */
  call(operation: Operation, change?: Partial<Call>): Promise<Call>
  ask(operation: Operation, call: Call, by?: Member | null): Promise<Answer>
}

export function createTrial(app: TestApp, world: World, reference: Reference): Trial {
  const answers = createAnswers(reference)
  const faults: string[] = []
  const operations = operationsOf(reference)

  return {
    world,
    answers,
    faults,
    operation(id) {
      const found = operations.find(({ operationId }) => operationId === id)
      if (found === undefined) throw new Error(`there is no operation ${id}`)
      return found
    },
    call: async (operation, change = {}) => ({ ...(await goodCall(world, operation)), ...change }),
    async ask(operation, call, given) {
      const by = given === undefined ? await usualCaller(operation, world) : given
      const credentials: Record<string, string> =
        by === null ? {} : { authorization: (await by.logIn()).authorization }
      const answer = await send(app.url, operation, { ...call, headers: { ...credentials, ...call.headers } })
      for (const fault of answers.faultsOf(operation, answer)) {
        faults.push(`${operation.operationId}: ${fault} (${JSON.stringify(call).slice(0, 300)})`)
      }
      return answer
    },
  }
}

/** Somebody new where the password, the name or the sessions change. */
const spoiling = ['changePassword', 'updateMe', 'deleteOtherSessions']

async function usualCaller({ operationId, path, security }: Operation, world: World): Promise<Member | null> {
  const needsLogIn = security.length > 0 && security.every((one) => Object.keys(one).length > 0)
  if (!needsLogIn) return null
  if (spoiling.includes(operationId)) return world.newMember()
  return path.startsWith('/api/v1/admin') ? world.admin : world.owner
}

/** What succeeds only after preparations: `special-cases.ts`, or another test that `not-seen.ts` names. */
const withoutGood = ['openSocket', 'remakeSummary', 'createResponse', 'createEmbedding']

/**
 * One that makes sense, then one with each field that may be there. Returns where: the others may go there again.
 * Throws when the first is refused.
 */
export async function tryGood(
  trial: Trial,
  operation: Operation,
  reference: Reference,
  seed: number,
): Promise<string> {
  const good = await trial.call(operation)
  const first = await trial.ask(operation, good)
  const isRefused = first.status >= 400 && !withoutGood.includes(operation.operationId)
  if (isRefused) throw new Error(`${operation.operationId} was refused: ${first.status} ${first.text}`)
  for (const { place, name, schema } of fieldsOf(operation, reference)) {
    const [value] = fc.sample(arbitraryOf(schema, reference), { numRuns: 1, seed })
    await trial.ask(
      operation,
      withField(await goodBodyAgain(trial, operation, good.path), place, name, value),
    )
  }
  return good.path
}

/** Each field as it should not be, and left out. */
export async function tryBadFields(
  trial: Trial,
  operation: Operation,
  { reference, seed, path }: { reference: Reference; seed: number; path: string },
) {
  for (const [at, { place, name }] of fieldsOf(operation, reference).entries()) {
    const values =
      place === 'body' ? [undefined, ...some(hostileValues, seed + at)] : [...some(hostileTexts, seed + at)]
    for (const value of values) {
      const good = await goodBodyAgain(trial, operation, path)
      await trial.ask(operation, withField(good, place, name, value))
    }
  }
}

const hostileTexts = hostileValues.filter((value) => typeof value === 'string' && value.isWellFormed())

/** Bodies that are none, or of another type, or too large. */
export async function tryBadBodies(trial: Trial, operation: Operation, path: string) {
  if (operation.requestBody === undefined) return
  const { ask } = trial
  const good = await goodBodyAgain(trial, operation, path)
  for (const body of ['[]', '"text"', '{"half', '{}', '', '\u0000', `{"a":${'['.repeat(100)}`]) {
    await ask(operation, { ...good, body })
  }
  await ask(operation, { ...good, body: good.body ?? {}, headers: { 'content-type': 'text/plain' } })
  await ask(operation, { ...good, body: { filler: 'x'.repeat(1_000_000) } })
}

/** With a token that has run out. Moves the clock. */
export async function tryExpired({ world, call, ask }: Trial, operations: Operation[]) {
  const { authorization } = await world.owner.logIn()
  const calls = await Promise.all(
    operations.map(async (operation) => ({ operation, good: await call(operation) })),
  )
  world.app.clock.advance(3600)
  for (const { operation, good } of calls) {
    await ask(operation, { ...good, headers: { authorization } })
  }
}

/** Asked by nobody, by others, by another site, for what there is not. */
export async function tryBadPeople(trial: Trial, operation: Operation, path: string) {
  const { world, ask } = trial
  const good = await goodBodyAgain(trial, operation, path)
  await ask(operation, good, world.stranger)
  await ask(operation, { ...good, headers: { authorization: 'Bearer nonsense' } })
  await ask(operation, { ...good, headers: { host: 'elsewhere.example' } })
  for (const id of ['019a0000-0000-7000-8000-000000000000', 'x', '%00', 'a%2fb']) {
    const other = operation.path.replace(/\{\w+\}/, id)
    if (other !== operation.path) await ask(operation, { ...good, path: other })
  }
  const crossSite = { 'sec-fetch-site': 'cross-site', authorization: '' }
  await ask(operation, { ...good, headers: crossSite }, null)
  await ask(operation, good, null)
}

interface Field {
  place: 'body' | 'query' | 'header'
  name: string
  schema: Schema
}

function fieldsOf({ parameters = [], requestBody }: Operation, reference: Reference): Field[] {
  const given = requestBody?.content['application/json']?.schema ?? {}
  const { properties = {} } = resolved(given, reference)
  const inBody = Object.entries(properties).map(([name, schema]) => ({
    place: 'body' as const,
    name,
    schema,
  }))
  const besides = parameters.flatMap(({ in: place, name, schema }) =>
    place === 'path' ? [] : [{ place, name, schema }],
  )
  return [...inBody, ...besides]
}

function withField(call: Call, place: Field['place'], name: string, value: unknown): Call {
  if (place === 'header') {
    // What no header can hold cannot be sent.
    const text = String(value).replaceAll(/[^\x20-\x7e]/g, '')
    return { ...call, headers: { ...call.headers, [name]: text } }
  }
  if (place === 'query') return { ...call, query: { ...call.query, [name]: value } }
  const body = typeof call.body === 'object' ? call.body : {}
  return { ...call, body: { ...body, [name]: value } }
}

/** With a body of its own, for a thing that is there already. */
async function goodBodyAgain({ call }: Trial, operation: Operation, path: string): Promise<Call> {
  return operation.path.includes('{') && operation.method !== 'DELETE'
    ? { ...(await call({ ...operation, path: '' })), path }
    : call(operation)
}

/** Two, others each time. */
function some<Value>(values: Value[], seed: number): Value[] {
  return [0, 1].flatMap((step) => values.slice((seed + step * 11) % values.length).slice(0, 1))
}
