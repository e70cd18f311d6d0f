import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../../../src/db/rows.ts'
import { createSharedMemory } from '../../../src/deps.ts'
import { loadFactors, startModelJobs } from '../../../src/modules/models/jobs.ts'
import { saveLearnedFactors } from '../../../src/modules/models/save-factors.ts'
import { factorOf, learnFactor } from '../../../src/modules/models/token-factors.ts'
import { describeOnStacks } from '../../support/stacks.ts'
import { openAccounts } from '../auth/accounts.ts'

setDefaultTimeout(60_000)

describeOnStacks('what is learned about tokens', (stack) => {
  test('outlives the process, and is written only when there is something new', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    const written = async () =>
      rowsOf<{ model: string; factor: number; answers: number }>(
        await deps.db.execute(sql`select model, factor, answers from token_factors order by model`),
      )
    await saveLearnedFactors(deps)
    expect(await written()).toEqual([])

    learnFactor(deps, 'qwen/qwen-plus', 400, 200)
    learnFactor(deps, 'deepseek/deepseek-chat', 400, 500)
    learnFactor(deps, 'deepseek/deepseek-chat', 400, 500)
    await saveLearnedFactors(deps)
    expect(await written()).toEqual([
      { model: 'deepseek/deepseek-chat', factor: 1.25, answers: 2 },
      { model: 'qwen/qwen-plus', factor: 0.5, answers: 1 },
    ])

    const restarted = { ...deps, ...createSharedMemory(deps.now) }
    await loadFactors(restarted)
    expect(factorOf(restarted, 'qwen/qwen-plus')).toBe(0.5)
    await deps.db.execute(sql`delete from token_factors`)
    await saveLearnedFactors(restarted)
    expect(await written()).toEqual([])
    learnFactor(restarted, 'qwen/qwen-plus', 400, 200)
    await saveLearnedFactors(restarted)
    expect(await written()).toEqual([{ model: 'qwen/qwen-plus', factor: 0.5, answers: 2 }])
  })

  test('is saved when the service ends', async () => {
    await using accounts = await openAccounts(stack)
    const { deps } = accounts
    const job = startModelJobs(deps)
    learnFactor(deps, 'demo/demo', 100, 200)
    await job.stop()
    const restarted = { ...deps, ...createSharedMemory(deps.now) }
    await loadFactors(restarted)
    expect(factorOf(restarted, 'demo/demo')).toBe(2)
  })
})
