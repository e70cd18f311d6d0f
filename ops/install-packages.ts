import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')

/** Installs what the lock file names, exactly. When it is all there, this takes a moment and no network. */
export async function installPackages(): Promise<void> {
  const install = spawn(process.execPath, ['install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  install.stderr.on('data', (chunk) => {
    words += chunk
  })
  const showProgress = progress('Installing packages')
  const [status] = await once(install, 'close')
  showProgress.end()
  if (status === 0) return
  console.error(`The packages could not be installed. Is the npm registry reachable?\n${words}`)
  process.exit(1)
}

/** Nothing for a second, then a line that grows. */
function progress(what: string): { end(): void } {
  let isShown = false
  const timer = setInterval(() => {
    process.stderr.write(isShown ? '.' : `${what} …`)
    isShown = true
  }, 1000)
  return {
    end() {
      clearInterval(timer)
      if (isShown) process.stderr.write('\n')
    },
  }
}
