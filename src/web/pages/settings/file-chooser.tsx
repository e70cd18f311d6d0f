import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { dataTexts } from '../../texts/data.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

/** A file of conversations: chosen, or dropped. */
export function FileChooser({ onFile }: { onFile: (file: File) => void }) {
  const t = dataTexts.value
  const input = useRef<HTMLInputElement>(null)
  const isOver = useSignal(false)
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0]
    if (file) onFile(file)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same
    <div
      class={isOver.value ? 'drop-place over' : 'drop-place'}
      onDragOver={(event) => {
        event.preventDefault()
        isOver.value = true
      }}
      onDragLeave={() => {
        isOver.value = false
      }}
      onDrop={(event) => {
        event.preventDefault()
        isOver.value = false
        take(event.dataTransfer?.files)
      }}
    >
      <Icon name="import" size={26} />
      <Button onClick={() => input.current?.click()}>{t.choose}</Button>
      <span class="hint">{t.drop}</span>
      <input
        ref={input}
        type="file"
        hidden
        accept=".zip,.json,application/zip,application/json"
        onChange={(event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
