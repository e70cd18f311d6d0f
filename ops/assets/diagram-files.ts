import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BunPlugin } from 'bun'
import { type Bundled, common, naming, toBundled } from './web.ts'

/** The page that draws diagrams, by itself: Mermaid is ten times as large as all the rest. */
export async function diagramFiles(root: string): Promise<Bundled[]> {
  const page = join(root, 'src', 'web', 'markdown', 'diagram-frame.html')
  if (!existsSync(page)) return []
  const { outputs } = await Bun.build({
    ...common,
    entrypoints: [page],
    splitting: true,
    naming,
    plugins: [withoutRarities],
  })
  return Promise.all(outputs.map(toBundled))
}

/** Another way to arrange what is drawn, and formulas in labels: a third of Mermaid, and next to nobody asks for them. */
const withoutRarities: BunPlugin = {
  name: 'without rarities',
  setup(build) {
    build.onLoad({ filter: /[/\\](?:elk-\w+|katex)\.mjs$/ }, () => ({
      contents: 'throw new Error("left out")',
      loader: 'js',
    }))
  },
}
