import { type Browser, chromium } from 'playwright-core'
import { requireProgram } from './programs.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A headless Chromium that talks to nobody but the page. Close it with `close()`. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: requireProgram('chromium'), args: flags })
}
