import { expect, test } from 'bun:test'
import { keepStream } from '../../../src/modules/chat/keep-stream.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'

describeOnBothStacks('an open stream', (start) => {
  test('is counted and watched until it ends', async () => {
    await using app = await start()
    const ended: string[] = []
    const letGo = keepStream(app.deps, 'sse', 'a session', () => ended.push('a session'))
    expect(await openStreams(app)).toBe('1')
    for (const stream of app.deps.openStreams) stream.close()
    expect(ended).toEqual(['a session'])
    letGo()
    expect(await openStreams(app)).toBe('0')
    expect(app.deps.openStreams.size).toBe(0)
  })
})

async function openStreams({ deps }: TestApp): Promise<string | undefined> {
  const { text } = await deps.metrics.scrape()
  return /^cloudchat_open_streams\{kind="sse"\} (\d+)$/m.exec(text)?.[1]
}
