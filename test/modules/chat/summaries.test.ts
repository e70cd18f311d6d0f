import { expect, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'
import { contextWindow, startTalk } from './talker.ts'

describeOnBothStacks('a conversation that outgrows its model', (start) => {
  test('is summarised before it does, and once more when it has grown on', async () => {
    await using talk = await startTalk(start)
    for (let round = 1; round <= 12; round++) await talk.ask(`Question ${round}: what of the sea?`)
    expect(talk.summaryRequests().length).toBe(2)
    expect(talk.largest()).toBeLessThanOrEqual(contextWindow)
  })
})
