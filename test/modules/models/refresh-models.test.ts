import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { models, providerKeys } from '../../../src/db/model-tables.ts'
import { createId } from '../../../src/lib/ids.ts'
import { chooseModel } from '../../../src/modules/models/choose-model.ts'
import { findModel, listModels } from '../../../src/modules/models/find-model.ts'
import { refreshModels, takeUpModels } from '../../../src/modules/models/refresh-models.ts'
import { sealKey, unsealKey } from '../../../src/modules/models/sealed-key.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { errorOf, openAccounts } from '../auth/accounts.ts'

setDefaultTimeout(60_000)

const env = { DEEPSEEK_API_KEY: 'sk-env', MODELS: 'deepseek/cheap' }

describeOnStacks('models and keys from the database', (stack) => {
  test('join what the settings name within a second, and leave again', async () => {
    await using accounts = await openAccounts(stack, env)
    const { deps, advance } = accounts
    const ids = () => listModels(deps).map(({ id }) => id)
    await refreshModels(deps)
    expect(ids()).toEqual(['deepseek/deepseek-chat', 'deepseek/cheap'])

    const key = { id: createId(), provider: 'groq', baseUrl: 'https://groq.example/v1' }
    const sealed = sealKey(deps.config, key, 'sk-groq-secret')
    await deps.db.insert(providerKeys).values({ ...key, name: 'first', ...sealed })
    await deps.db.insert(providerKeys).values({ id: createId(), provider: 'nowhere', name: 'no address' })
    const row = { id: createId(), provider: 'groq', upstream: 'llama', name: 'Llama' }
    await deps.db.insert(models).values([
      {
        ...row,
        modelId: 'llama',
        plans: ['vip'],
        fallbacks: ['deepseek/cheap'],
        inputMicros: 5,
        outputMicros: 7,
      },
      { ...row, id: createId(), modelId: 'off', provider: 'deepseek', upstream: 'cheap', isEnabled: false },
      { ...row, id: createId(), modelId: 'lost', provider: 'lost' },
    ])
    await refreshModels(deps)
    expect(ids()).toEqual(['deepseek/deepseek-chat', 'deepseek/cheap'])
    advance(1)
    await refreshModels(deps)
    expect(ids()).toEqual(['deepseek/deepseek-chat', 'groq', 'llama'])
    expect(findModel(deps, 'groq/llama')).toMatchObject({
      id: 'llama',
      prices: { input: 5, cachedInput: null, output: 7, reasoning: null },
      plans: ['vip'],
      fallbacks: ['deepseek/cheap'],
    })
    expect(deps.llm.providers().map(({ name }) => name)).toEqual(['deepseek', 'groq'])
    expect(JSON.stringify(accounts.log)).not.toContain('sk-groq')

    await deps.db.execute(sql`insert into settings (name, value) values ('default_model', 'llama')`)
    await takeUpModels(deps)
    expect(ids()[0]).toBe('llama')
    await deps.db.execute(sql`delete from provider_keys`)
    await takeUpModels(deps)
    expect(ids()).toEqual(['deepseek/deepseek-chat'])
  })

  test('are for those whose plan includes them', async () => {
    await using accounts = await openAccounts(stack, { ...env, DEFAULT_PLAN: 'free' })
    const { deps } = accounts
    await deps.db.execute(
      sql`insert into users (uid, username, plan) values ('a', 'ann', 'vip'), ('b', 'bob', null)`,
    )
    const row = { id: createId(), provider: 'deepseek', upstream: 'deepseek-chat', name: 'Chat' }
    await deps.db.insert(models).values({ ...row, modelId: 'chat', plans: ['vip'] })
    expect((await chooseModel(deps, 1, null)).id).toBe('chat')
    expect((await chooseModel(deps, 2, null)).id).toBe('deepseek/cheap')
    expect((await chooseModel(deps, null, null)).id).toBe('deepseek/cheap')
    expect(await errorOf(chooseModel(deps, 2, 'chat'))).toMatchObject({ code: 'forbidden' })
    expect(await errorOf(chooseModel(deps, 1, 'other'))).toMatchObject({ code: 'invalid_request' })
  })

  test('that cannot be read leave what was known in force', async () => {
    await using accounts = await openAccounts(stack, env)
    const { deps, advance, log } = accounts
    await refreshModels(deps)
    advance(1)
    const away = { ...deps, db: brokenDb }
    await refreshModels(away)
    expect((await chooseModel(away, 1, null)).id).toBe('deepseek/deepseek-chat')
    expect(log.filter(({ msg }) => msg === 'the models could not be read').length).toBe(1)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: a database of which nothing works
const brokenDb: any = { execute: () => Promise.reject(new Error('connection refused')) }

test('a sealed key opens at its place alone, with this secret or the one before', () => {
  const secrets = { secretKey: 'a secret of tests 1', oldSecretKey: null }
  const place = { id: createId(), provider: 'groq', baseUrl: null }
  const { sealedKey, sealedBy, lastFour } = sealKey(secrets, place, 'sk-1234567890')
  expect([sealedKey.includes('1234'), lastFour, sealedBy.length]).toEqual([false, '7890', 16])
  expect(unsealKey(secrets, place, sealedKey)).toBe('sk-1234567890')
  const later = { secretKey: 'a secret of tests 2', oldSecretKey: secrets.secretKey }
  expect(unsealKey(later, place, sealedKey)).toBe('sk-1234567890')
  expect(unsealKey({ ...later, oldSecretKey: null }, place, sealedKey)).toBeNull()
  for (const other of [{ id: createId() }, { provider: 'openai' }, { baseUrl: 'https://evil.example/v1' }]) {
    expect(unsealKey(secrets, { ...place, ...other }, sealedKey)).toBeNull()
  }
})
