import { useLayoutEffect, useRef } from 'preact/hooks'
import { libraryTexts } from '../texts/library.ts'
import { useFocusBack } from './use-focus-back.ts'

/** A title being changed where it stands: Enter or leaving it keeps what is written, Escape (null) what was there. */
export function TitleField({ value, onEnd }: { value: string; onEnd: (next: string | null) => void }) {
  const field = useRef<HTMLInputElement>(null)
  const hasEnded = useRef(false)
  const room = useRef<Element | null>(null)
  const giveFocusBack = useFocusBack(() => room.current?.querySelector<HTMLElement>('.top-title, .row-menu'))
  useLayoutEffect(() => {
    room.current = field.current?.closest('li, header') ?? null
    // After the menu that began it has given the focus back.
    const frame = requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.select()
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  const end = (next: string | null) => {
    if (hasEnded.current) return
    hasEnded.current = true
    onEnd(next)
  }

  return (
    <input
      ref={field}
      class="input title-field"
      aria-label={libraryTexts.value.title}
      value={value}
      maxLength={200}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        // An input method chooses a word with it; 229 is how Safari says so.
        if (event.isComposing || event.keyCode === 229) return
        if (event.key === 'Enter') {
          end(event.currentTarget.value)
          giveFocusBack()
        }
        if (event.key === 'Escape') {
          event.stopPropagation()
          // It closes what this stands in, else.
          event.preventDefault()
          end(null)
          giveFocusBack()
        }
      }}
    />
  )
}
