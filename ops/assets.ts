import { join } from 'node:path'
import { makeDatabase } from './assets/database.ts'
import { makeWeb } from './assets/web.ts'

// bun ops/assets.ts: makes in dist/assets what the program needs besides its source; what is there already is kept.
const root = join(import.meta.dir, '..')
const steps = {
  'the web pages': () => makeWeb(root),
  'the embedded database': () => makeDatabase(root),
}
for (const [name, make] of Object.entries(steps)) {
  const notice = setTimeout(() => console.error(`Making ${name} …`), 500)
  await make()
  clearTimeout(notice)
}
