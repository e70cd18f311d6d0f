import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createApp } from '../../../src/app.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startImageUpstream } from '../../support/image-upstream.ts'
import { unseen } from './answers.ts'
import { explained, notSeen } from './not-seen.ts'
import { fetchReference, type Operation, operationsOf } from './reference.ts'
import { trySpecialCases } from './special-cases.ts'
import { createTrial, tryBadBodies, tryBadFields, tryBadPeople, tryGood } from './trial.ts'
import { createWorld } from './world.ts'

setDefaultTimeout(120_000)

/** Of the upstream in the test: what each is called is what it does. */
const models = ['hang-stream', 'cut', '503', '401', 'deepseek-chat'].map((name) => `deepseek/${name}`)

const limits =
  'REGISTER_IP REGISTER_EMAIL LOGIN_IP LOGIN_ID FORGOT_IP FORGOT_ID RESET_IP CHAT_IP CHAT_TOTAL API_USER API_AUTH_IP SHARE_IP SEND_USER SEARCH_USER IMAGE_USER'

const settings = {
  ...Object.fromEntries(limits.split(' ').map((name) => [`LIMIT_${name}`, '0'])),
  TRUSTED_HOSTS: '127.0.0.1',
  DEFAULT_MODEL: 'deepseek/deepseek-chat',
  IMAGE_MODELS: 'openai/gpt-image-1',
  DEBUG_RETURN_RESET_TOKEN: '1',
  MAX_MESSAGE_BYTES: '20000',
  MODELS: models.join(','),
  LLM_MAX_RETRIES: '0',
  MAX_TURNS_PER_USER: '0',
}

describeOnBothStacks('the reference is true', (start) => {
  test('of every operation, for good and bad requests', async () => {
    const painter = startImageUpstream()
    await using app = await start({
      ...settings,
      OPENAI_BASE_URL: painter.openaiUrl,
      OPENAI_API_KEY: 'sk-test',
    })
    const reference = await fetchReference(app.url)
    const operations = operationsOf(reference)
    const trial = createTrial(app, await createWorld(app), reference)
    const seed = Math.floor(Math.random() * 1e6)
    const known: Operation[] = []
    const tryIt = async (operation: Operation) => {
      try {
        const path = await tryGood(trial, operation, reference, seed)
        known.push(operation)
        await tryBadFields(trial, operation, { reference, seed, path })
        await tryBadBodies(trial, operation, path)
        await tryBadPeople(trial, operation, path)
      } catch (error) {
        trial.faults.push(`${operation.operationId}: ${error}`)
      }
    }
    // One that changes what all the others do is tried when they are done, and undone.
    const isForAll = ({ operationId }: Operation) => operationId === 'updateSettings'
    await inParallel(
      operations.filter((operation) => !isForAll(operation)),
      tryIt,
    )
    await inParallel(operations.filter(isForAll), tryIt)
    await app.deps.db.execute(sql`delete from settings`)
    app.deps.settingsMemory.forget()
    await trySpecialCases(trial, known)
    // What was asked meanwhile changes nothing of what is said.
    const anew = await createApp(app.deps).handle(new Request('http://127.0.0.1/api/v1/openapi.json'))
    expect(await anew.json()).toEqual(reference)
    const { faults, answers } = trial
    await painter.stop()
    expect({ seed, faults: faults.slice(0, 20) }).toEqual({ seed, faults: [] })
    const missing = unseen(reference, answers.seen)
    expect(missing.filter((one) => notSeen(one) === null)).toEqual([])
    // An explanation for what was seen, or is not described, would be a lie.
    expect(Object.keys(explained).filter((one) => !missing.includes(one))).toEqual([])
  })
})

/** Some at a time. */
async function inParallel<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: 6 }, worker))
}
