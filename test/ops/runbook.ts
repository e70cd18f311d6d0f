import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

/** The commands under a heading of the runbook that mention `word`, as they stand there. */
export function commandsOf(heading: string, word = ''): string {
  const text = readFileSync(join(root, 'ops/RUNBOOK.md'), 'utf8')
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`))
  const blocks = [...(section ?? '').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
  const block = blocks.find((one) => one.includes(word))
  if (block === undefined) throw new Error(`the runbook has no commands under "${heading}" with "${word}"`)
  return block
}

/** One shell for all of them: what a block sets, later ones use. Any failing command ends it. */
export interface Shell {
  /** What the commands wrote to stdout. Throws with what they wrote to stderr when one fails. */
  run(commands: string): Promise<string>
  end(): void
}

export function startShell(env: Record<string, string>): Shell {
  const shell = spawn('/bin/sh', ['-eu'], { cwd: root, env: { PATH: process.env.PATH, ...env } })
  const mark = '=== done ==='
  let output = ''
  let errors = ''
  let look = () => {}
  let fail = (_error: Error) => {}
  shell.stdout.on('data', (bytes: Buffer) => {
    output += bytes
    look()
  })
  shell.stderr.on('data', (bytes: Buffer) => {
    errors += bytes
  })
  shell.on('close', (status) => fail(new Error(`the shell ended with ${status}: ${errors}`)))
  return {
    run: (commands) =>
      new Promise((resolve, reject) => {
        fail = reject
        look = () => {
          const end = output.indexOf(`${mark}\n`)
          if (end < 0) return
          resolve(output.slice(0, end))
          output = output.slice(end + mark.length + 1)
        }
        shell.stdin.write(`${commands}\necho '${mark}'\n`)
      }),
    end: () => void shell.stdin.end(),
  }
}
