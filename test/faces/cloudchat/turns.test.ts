import { expect, test } from 'bun:test'
import { AppError } from '../../../src/errors.ts'
import { createTurns, type TakeTurn } from '../../../src/faces/cloudchat/turns.ts'
import { createToken } from '../../../src/lib/tokens.ts'
import { describeOnBothStores } from './stores.ts'

const rules = { maxWaiting: 3, waitSeconds: 60, leaseSeconds: 30 }
const stays = new AbortController().signal
const newKey = () => `turn:${createToken()}`

/** Whether it is settled by now, everything that can happen at once having happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  promise
    .catch(() => {})
    .finally(() => {
      settled = true
    })
  for (let round = 0; round < 20; round++) await new Promise(setImmediate)
  return settled
}

async function refusal(turn: Promise<unknown>): Promise<string> {
  const error: unknown = await turn.catch((thrown: unknown) => thrown)
  return error instanceof AppError ? error.code : `no refusal: ${String(error)}`
}

describeOnBothStores('turns', (store) => {
  test('are taken one after another, in the order of arrival', async () => {
    const takeTurn = createTurns(store.here, rules)
    const key = newKey()
    const order: number[] = []
    const all = [1, 2, 3, 4].map(async (number) => {
      const end = await takeTurn(key, stays)
      order.push(number)
      await new Promise(setImmediate)
      order.push(number)
      await end()
    })
    await Promise.all(all)
    expect(order).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
  })

  test('of different keys do not wait for each other', async () => {
    const takeTurn = createTurns(store.here, rules)
    const first = await takeTurn(newKey(), stays)
    const second = await takeTurn(newKey(), stays)
    await Promise.all([first(), second()])
  })

  test('are waited for by three; the fourth is refused, and may come again later', async () => {
    const takeTurn = createTurns(store.here, rules)
    const key = newKey()
    const end = await takeTurn(key, stays)
    const waiting = [1, 2, 3].map(() => takeTurn(key, stays))
    expect(await refusal(takeTurn(key, stays))).toBe('rate_limited')
    await end()
    const last = takeTurn(key, stays)
    for (const turn of [...waiting, last]) await (await turn)()
  })

  test('are not waited for longer than the rule says', async () => {
    const takeTurn = createTurns(store.here, { ...rules, waitSeconds: 0.05 })
    const key = newKey()
    const end = await takeTurn(key, stays)
    expect(await refusal(takeTurn(key, stays))).toBe('rate_limited')
    await end()
    await (await takeTurn(key, stays))()
  })

  test('who leaves gives up the place in line', async () => {
    const takeTurn = createTurns(store.here, rules)
    const key = newKey()
    const end = await takeTurn(key, stays)
    const leaving = new AbortController()
    const left = [1, 2, 3].map(() => takeTurn(key, leaving.signal))
    leaving.abort()
    for (const turn of left) expect(await refusal(turn)).toBe('rate_limited')
    const next = takeTurn(key, stays)
    expect(await isSettled(next)).toBe(false)
    await end()
    await (await next)()
  })

  test('hold between processes that share a store', async () => {
    const here = createTurns(store.here, rules)
    const there = createTurns(store.there, rules)
    const key = newKey()
    const end = await here(key, stays)
    const elsewhere = there(key, stays)
    expect(await isSettled(elsewhere)).toBe(false)
    await end()
    const endElsewhere = await elsewhere
    expect(await refusal(createTurns(store.there, { ...rules, waitSeconds: 0.05 })(key, stays))).toBe(
      'rate_limited',
    )
    await endElsewhere()
  })

  test('outlast their lease while they run', async () => {
    const key = newKey()
    const end = await createTurns(store.here, { ...rules, leaseSeconds: 1 })(key, stays)
    await Bun.sleep(1300)
    const impatient = createTurns(store.there, { ...rules, waitSeconds: 0.05 })
    expect(await refusal(impatient(key, stays))).toBe('rate_limited')
    await end()
    await (await impatient(key, stays))()
  })

  test('are renewed also when the store has lost them', async () => {
    const key = newKey()
    const end = await createTurns(store.here, { ...rules, leaseSeconds: 1 })(key, stays)
    await store.there.delete(key)
    while ((await store.there.get(key)) === null) await Bun.sleep(10)
    await end()
    expect(await store.there.get(key)).toBeNull()
  })

  test('leave nothing behind', async () => {
    const takeTurn: TakeTurn = createTurns(store.here, rules)
    const key = newKey()
    await (await takeTurn(key, stays))()
    expect(await store.there.get(key)).toBeNull()
  })
})
