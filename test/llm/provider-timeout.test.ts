import { afterAll, expect, test } from 'bun:test'
import { findAppError } from '../../src/errors.ts'
import { startUpstream } from '../support/upstream.ts'
import { apiKey, ask, startLlm } from './ask.ts'

const upstream = startUpstream()
afterAll(() => upstream.stop())

test('a provider’s own time limit goes before the common one', async () => {
  const provider = {
    name: 'test',
    baseUrl: upstream.url,
    apiKeys: [apiKey],
    model: 'normal',
    organization: null,
  }
  const { llm } = startLlm(upstream.url, {
    providers: [{ ...provider, timeoutSeconds: 0.2 }],
    timeoutSeconds: 3600,
  })
  upstream.play({ hang: true })
  const { error } = await ask(llm, 'normal')
  expect(findAppError(error)?.code).toBe('provider_timeout')
})
