import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openGateway } from './faces/openai/gateway.ts'
import { describeOnBothStacks } from './support/harness.ts'
import { tempFolder } from './support/temp-folder.ts'

const root = join(import.meta.dir, '..')

describeOnBothStacks('the example in place of OpenAI in the readme', (start) => {
  test('does what it says, with a key made as it says', async () => {
    await using at = await openGateway(start)
    const section = /^## In place of OpenAI$(.*?)^## /ms.exec(
      readFileSync(join(root, 'README.md'), 'utf8'),
    )?.[1]
    const example = /^```js\n(.*?)^```$/ms.exec(section ?? '')?.[1] ?? ''
    const file = join(tempFolder('readme'), 'program.mjs')
    const program = example
      .replace("'openai'", JSON.stringify(Bun.resolveSync('openai', root)))
      .replace('http://127.0.0.1:5000', at.app.url)
      .replace('cc-…', at.key)
    writeFileSync(file, program)
    at.app.upstream.play({ text: ['Hello', ', ', 'Ann'] })
    const run = Bun.spawn([process.execPath, file], { stdout: 'pipe' })
    expect(await new Response(run.stdout).text()).toBe('Hello, Ann')
    expect(at.app.upstream.requests[0]?.body.messages).toEqual([{ role: 'user', content: 'Hello!' }])
  })
})
