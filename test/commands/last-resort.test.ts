import { expect, test } from 'bun:test'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

test('what nobody caught is logged, without secrets, and the process lives', async () => {
  const script = `
    import { catchTheUncaught } from '${root}/src/commands/last-resort.ts'
    import { createLog } from '${root}/src/lib/log.ts'
    catchTheUncaught(createLog('info'))
    setTimeout(() => { throw new Error('lost at postgres://me:pa55@db/x') }, 1)
    setTimeout(() => { Promise.reject(new Error('forgotten')) }, 2)
    setTimeout(() => { Promise.reject(undefined) }, 3)
    setTimeout(() => { console.log('alive'); process.exit(0) }, 50)`
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'pipe' })
  const output = await new Response(child.stdout).text()
  expect(await child.exited).toBe(0)
  expect(output).toContain('alive')
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'uncaught exception',
    'unhandled rejection',
    'unhandled rejection',
  ])
  expect(output).toContain('lost at postgres://')
  expect(output).not.toContain('pa55')
})
