import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { words } from '../texts/words.ts'
import { IconButton } from './button.tsx'

/** Something written blindly, and a button that shows it: on a phone nobody writes a long password without a slip. */
export function SecretInput(props: { children: (type: 'password' | 'text') => ComponentChildren }) {
  const isShown = useSignal(false)
  return (
    <div class="secret">
      {props.children(isShown.value ? 'text' : 'password')}
      <IconButton
        small
        name={words.value.showInput}
        icon="eye"
        pressed={isShown.value}
        onClick={() => {
          isShown.value = !isShown.value
        }}
      />
    </div>
  )
}
