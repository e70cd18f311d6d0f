import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { findProgram, type Program, programs, testPrograms } from '../test/support/programs.ts'

/**
 * Installs those programs that are missing (by default of what the tests need): on Debian and Ubuntu, as root,
 * by apt-get. Elsewhere it says what to install. Returns what is still missing.
 */
export async function installPrograms(needed: Program[] = testPrograms): Promise<Program[]> {
  const missing = missingOf(needed)
  if (missing.length === 0) return []
  const packages = packagesOf(missing)
  if (!isRoot() || !existsSync('/usr/bin/apt-get')) {
    console.log(`Not installed: ${missing.join(', ')}. On Debian or Ubuntu, as root:`)
    console.log(`  apt-get install --no-install-recommends ${packages.join(' ')}`)
    return missing
  }
  console.log(`Installing ${packages.join(', ')} …`)
  await withoutStartingServices(async () => {
    if (await aptGet('update')) await aptGet('install', '-y', '--no-install-recommends', ...packages)
  })
  return missingOf(needed)
}

function missingOf(needed: Program[]): Program[] {
  return needed.filter((program) => !findProgram(program))
}

/** Chinese on a screenshot needs a font, and a server has none. */
function packagesOf(missing: Program[]): string[] {
  const packages: string[] = missing.map((program) => programs[program])
  if (missing.includes('chromium')) packages.push('fonts-wqy-microhei')
  return packages
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Debian starts a service when it installs it; the tests want the program alone. 101 is the word for "do not". */
async function withoutStartingServices(install: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return install()
  const remove = () => rmSync(policy, { force: true })
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  process.once('exit', remove)
  try {
    await install()
  } finally {
    remove()
    process.off('exit', remove)
  }
}

/** A machine that has just booted often holds apt's lock for its own updates: tries again for a few minutes. */
async function aptGet(...words: string[]): Promise<boolean> {
  const patience = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  const unattended = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' }
  for (let attempt = 1; attempt <= 10; attempt++) {
    const { status, stderr } = spawnSync('apt-get', [...patience, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...unattended },
      encoding: 'utf8',
    })
    if (status === 0) return true
    console.log(stderr.trim())
    if (!/could not get lock|unable to lock|unable to acquire/i.test(stderr)) return false
    console.log('apt is busy; waiting …')
    await Bun.sleep(15_000)
  }
  return false
}
