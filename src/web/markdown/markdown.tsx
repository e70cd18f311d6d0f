import { useMemo } from 'preact/hooks'
import { BlockView } from './block.tsx'
import { Growing } from './growing.ts'
import { createSplitter } from './split-blocks.ts'
import { usePacedText } from './use-paced-text.ts'

/**
 * What a model has written, drawn as it comes: a block that is finished is not touched again. Nothing in it can run,
 * and nothing is loaded from elsewhere. `isStreaming`: more of it is coming.
 */
export function Markdown({ text, isStreaming = false }: { text: string; isStreaming?: boolean }) {
  const splitter = useMemo(createSplitter, [])
  const shown = usePacedText(text, isStreaming)
  const blocks = useMemo(() => splitter.split(shown, isStreaming), [shown, isStreaming])
  return (
    <div class="markdown">
      {blocks.map((block, at) => (
        <Growing.Provider key={block.start} value={isStreaming && at === blocks.length - 1}>
          <BlockView block={block} />
        </Growing.Provider>
      ))}
    </div>
  )
}
