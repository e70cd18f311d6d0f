import { afterAll } from 'bun:test'
import { removeTempFolders } from './temp-folder.ts'

// Preloaded (bunfig.toml), so this is once, after the last test of all files.
afterAll(removeTempFolders)
