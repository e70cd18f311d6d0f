import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

/** An empty folder that goes when the process ends by itself. Other accounts may pass through it, not look into it. */
export function tempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `cloudchat-${name}-`))
  chmodSync(folder, 0o711)
  folders.push(folder)
  return folder
}

/** For the end of a test run, where no `exit` event comes. */
export function removeTempFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

process.once('exit', removeTempFolders)
