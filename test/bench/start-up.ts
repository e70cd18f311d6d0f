import { join } from 'node:path'
import { binaryPath } from '../support/binary.ts'
import { freePort } from '../support/ports.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { type Figure, median } from './figure.ts'
import { servicesEnv } from './service.ts'

/** From the start of the process to the first good answer about its health. */
export async function startUp(): Promise<Figure[]> {
  const bare = await several(9, startBare)
  const reference = { what: 'bare Bun.serve', measured: bare }

  const onServices = await servicesEnv()
  const serviceFolder = tempFolder('start')
  const firstOnServices = await startExecutable(serviceFolder, onServices)
  const laterOnServices = await several(9, () => startExecutable(serviceFolder, onServices))

  const folders = Array.from({ length: 3 }, () => tempFolder('start'))
  const [firstFolder = '', ...moreFolders] = folders
  const firsts = [await startExecutable(firstFolder)]
  for (const folder of moreFolders) firsts.push(await startExecutable(folder))
  const laterEmbedded = await several(5, () => startExecutable(firstFolder))

  const figure = (what: string, measured: number, limit?: number): Figure => ({
    what: `start to healthy, ${what}`,
    measured,
    unit: 'ms',
    reference,
    ...(limit === undefined ? {} : { goal: { is: 'at most', limit, of: 'value' } }),
  })
  return [
    figure('PostgreSQL + Redis', laterOnServices, 250),
    figure('the same with an empty database', firstOnServices),
    figure('embedded', laterEmbedded, 1000),
    figure('embedded, first start', median(firsts), 2000),
  ]
}

async function several(times: number, measure: () => Promise<number>): Promise<number> {
  const all: number[] = []
  while (all.length < times) all.push(await measure())
  return median(all)
}

async function startExecutable(folder: string, env: Record<string, string> = {}): Promise<number> {
  const port = await freePort()
  return timeToAnswer(
    [binaryPath, 'serve'],
    folder,
    { PORT: String(port), ...env },
    `http://127.0.0.1:${port}/readyz`,
  )
}

async function startBare(): Promise<number> {
  const port = await freePort()
  const command = [process.execPath, join(import.meta.dir, 'bare-server.ts'), String(port)]
  return timeToAnswer(command, tempFolder('start'), {}, `http://127.0.0.1:${port}/`)
}

async function timeToAnswer(
  command: string[],
  cwd: string,
  env: Record<string, string>,
  url: string,
): Promise<number> {
  const begun = performance.now()
  const child = Bun.spawn(command, { cwd, env, stdout: 'ignore', stderr: 'ignore' })
  try {
    while (!(await isGood(url))) {
      if (child.exitCode !== null) throw new Error(`${command.join(' ')} ended with ${child.exitCode}`)
      if (performance.now() - begun > 60_000)
        throw new Error(`${command.join(' ')} is not healthy after a minute`)
      await Bun.sleep(2)
    }
    return performance.now() - begun
  } finally {
    child.kill()
    await child.exited
  }
}

async function isGood(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
