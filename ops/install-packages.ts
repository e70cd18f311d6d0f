import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')

/** Installs what the lock file names, exactly. When it is all there, this takes a moment and no network. */
export async function installPackages(): Promise<void> {
  const isFirst = !existsSync(join(root, 'node_modules'))
  const install = spawn(process.execPath, ['install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  install.stderr.on('data', (chunk) => {
    words += chunk
  })
  // Where there were none yet, it will take its time.
  const showProgress = progress('Installing packages', { atOnce: isFirst })
  const [status] = await once(install, 'close')
  showProgress.end()
  if (status === 0) return
  console.error(`The packages could not be installed. Is the npm registry reachable?\n${words}`)
  process.exit(1)
}

/** A line that grows each second; unless `atOnce`, there is none for the first. */
function progress(what: string, { atOnce }: { atOnce: boolean }): { end(): void } {
  let isShown = false
  const show = () => {
    process.stderr.write(isShown ? '.' : `${what} …`)
    isShown = true
  }
  if (atOnce) show()
  const timer = setInterval(show, 1000)
  return {
    end() {
      clearInterval(timer)
      if (isShown) process.stderr.write('\n')
    },
  }
}
