import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCuttingProxy } from './support/cutting-proxy.ts'
import { describeOnBothStacks } from './support/harness.ts'
import { openLines } from './support/lines.ts'
import { tempFolder } from './support/temp-folder.ts'
import type { Script } from './support/upstream-scripts.ts'

const password = 'vexing-7 quince'

/** The blocks of the section for programs, one after the other, as somebody pastes them. */
function programOf(readme: string, api: string): string {
  const section = /^## For programs$(.*?)^## /ms.exec(readme)?.[1] ?? ''
  const blocks = [...section.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block)
  expect(blocks.length).toBeGreaterThan(3)
  return blocks
    .join('\n')
    .replaceAll('http://127.0.0.1:5000', api)
    .replaceAll("'…'", JSON.stringify(password))
}

/** What the model says; it is asked for a title too. */
function answerTo({ messages }: Record<string, unknown>): Script {
  const { content } = (messages as { content: string }[]).at(-1) ?? { content: '' }
  if (content === 'Hello!') return { text: ['Hello, ', 'Ann'] }
  if (content === 'Tell me a story.') return { text: ['Once ', 'upon ', 'a time'], delayMs: 60 }
  if (content === 'Tell me another one.') return { text: ['Twice ', 'beneath ', 'a tree'], delayMs: 60 }
  return { text: ['A title'] }
}

describeOnBothStacks('the examples for programs in the readme', (start) => {
  test('do what they say, over connections that break', async () => {
    await using app = await start()
    await app.visitor().post('/api/v1/auth/register', { email: 'ann@example.com', password })
    const proxy = await startCuttingProxy(Number(new URL(app.url).port))
    app.upstream.play(...Array(10).fill(answerTo))
    proxy.cutBefore('event: start')
    proxy.cutAfter('Once')
    proxy.cutBefore('"event":"start"')
    proxy.cutAfter('Twice')

    const file = join(tempFolder('readme'), 'program.mjs')
    const readme = readFileSync(join(import.meta.dir, '../README.md'), 'utf8')
    writeFileSync(file, programOf(readme, `http://127.0.0.1:${proxy.port}`))
    const program = Bun.spawn([process.execPath, file], { stdout: 'pipe', stderr: 'pipe' })
    const said: string[] = []
    const lines = openLines(Promise.resolve(new Response(program.stdout)))
    for (let line = await lines.next(); line !== null && said.push(line) < 4; ) line = await lines.next()
    program.kill()
    await program.exited
    proxy.stop()
    expect(said).toEqual(['Hello, Ann 9', 'Once upon a time', '204', 'Twice beneath a tree'])
    expect(proxy.cuts()).toBe(4)
  })
})
