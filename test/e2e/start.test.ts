import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../support/ports.ts'
import { startServer } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { createVisitor } from '../support/visitor.ts'

const root = join(import.meta.dir, '../..')

test('the start command takes a fresh clone to a streamed, remembered answer', async () => {
  const clone = join(tempFolder('clone'), 'cloudchat')
  expect(spawnSync('git', ['clone', '--quiet', root, clone]).status).toBe(0)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = await startServer({
    name: 'the start command',
    command: [process.execPath, 'run', 'start'],
    cwd: clone,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? clone, PORT: String(port) },
    stopSignal: 'SIGTERM',
    isReady: () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
  })
  try {
    expect(server.output()).toContain('Installing packages')
    expect(server.output()).toContain(url)
    const visitor = createVisitor(url)
    expect(await visitor.chat('What is a fresh clone?')).toContain('What is a fresh clone?')
    expect(await visitor.chat('And what did I ask?')).toContain('What is a fresh clone?')
    expect(await visitor.get('/').then((page) => page.text())).toContain('<script')
  } finally {
    await server.stop()
  }
}, 180_000)
