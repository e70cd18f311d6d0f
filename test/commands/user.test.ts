import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { describeOnStacks } from '../support/stacks.ts'
import { tempFolder } from '../support/temp-folder.ts'

setDefaultTimeout(60_000)

const main = join(import.meta.dir, '../../src/main.ts')
const password = 'gazebo-4 umbra'

describeOnStacks('accounts on the command line', (stack) => {
  test('are made with a typed password or a link, and listed; nothing is read from the arguments', async () => {
    const { env, release } = await stack.prepare()
    const cwd = tempFolder('user')
    const run = async (words: string[], typed = '') => {
      const child = Bun.spawn([process.execPath, main, ...words], {
        cwd,
        env: { SECRET_KEY: 'only for tests, 0123456789', ...env },
        stdin: new Blob([typed]),
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const [status, stdout, stderr] = await Promise.all([
        child.exited,
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ])
      return { status, stdout, stderr }
    }
    const root = await run(['user', 'create', '--admin', '--email', 'root@example.com'], `${password}\n`)
    expect([root.status, root.stderr]).toEqual([0, ''])
    expect(root.stdout).toMatch(
      /^created: [0-9a-f]{12}\tadmin\tactive\t\d{4}-\d\d-\d\d\troot@example\.com\n$/,
    )
    const ann = await run(['user', 'create', '--username', 'ann', '--link'])
    expect(ann.stdout).toMatch(
      /created: .*\tuser\tactive\t.*\tann\nhttp:\/\/127\.0\.0\.1:5000\/reset_password\?token=/,
    )
    expect((await run(['user', 'list'])).stdout.split('\n').length).toBe(3)
    expect((await run(['user', 'list', '--search', 'ROOT'])).stdout).toBe(
      root.stdout.replace('created: ', ''),
    )

    for (const [words, typed, status, said] of [
      [['user', 'create', '--username', 'ann'], password, 1, 'already registered'],
      [['user', 'create', '--username', 'bob'], 'password1', 1, 'weak password'],
      [['user', 'create', '--username', 'bob'], '', 1, 'no password'],
      [['user', 'create', '--username', 'bob', '--password', 'x'], '', 2, 'Usage'],
      [['user', 'create', '--admin'], '', 2, 'Usage'],
      [['user', 'dance'], '', 2, 'Usage'],
    ] as const) {
      const refused = await run([...words], typed)
      expect([words, refused.status, refused.stdout]).toEqual([words, status, ''])
      expect(refused.stderr).toContain(said)
    }
    const rotated = await run(['rotate-keys'])
    expect([rotated.status, rotated.stdout]).toEqual([0, 'provider keys sealed anew with SECRET_KEY: 0\n'])
    await release()
  })
})
