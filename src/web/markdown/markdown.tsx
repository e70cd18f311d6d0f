import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { BlockView } from './block.tsx'
import { Growing } from './growing.ts'
import { type Block, createSplitter } from './split-blocks.ts'
import { usePacedText } from './use-paced-text.ts'

/**
 * What a model has written, drawn as it comes: a block that is finished is not touched again. Nothing in it can run,
 * and nothing is loaded from elsewhere. `isStreaming`: more of it is coming.
 */
export function Markdown({ text, isStreaming = false }: { text: string; isStreaming?: boolean }) {
  const splitter = useMemo(createSplitter, [])
  const finished = useMemo(() => new WeakMap<Block, VNode>(), [])
  const shown = usePacedText(text, isStreaming)
  // Told of every word, it has something to do only when more of them are shown.
  return useMemo(() => {
    const blocks = splitter.split(shown, isStreaming)
    const views = blocks.map((block, at) => {
      if (isStreaming && at === blocks.length - 1) return drawBlock(block, true)
      const view = finished.get(block) ?? drawBlock(block, false)
      finished.set(block, view)
      return view
    })
    return <div class="markdown">{views}</div>
  }, [shown, isStreaming])
}

function drawBlock(block: Block, isGrowing: boolean): VNode {
  return (
    <Growing.Provider key={block.start} value={isGrowing}>
      <BlockView block={block} />
    </Growing.Provider>
  )
}
