import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { words } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { Sending } from '../settings/use-sending.ts'

/** A form that stands before the page. `act` rejects with a Refusal, which is shown; else it has closed the form. */
export function FormDialog(props: {
  title: string
  /** What the button does, in a word. */
  action: string
  isDangerous?: boolean
  isReady: boolean
  sending: Sending
  act: () => Promise<void>
  onClose: () => void
  children: ComponentChildren
}) {
  const { sending, isReady } = props
  const id = useId()
  const send = (event: Event) => {
    event.preventDefault()
    if (isReady) void sending.send(props.act)
  }
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{words.value.cancel}</Button>
          <Button
            type="submit"
            form={id}
            look={props.isDangerous ? 'danger' : 'primary'}
            disabled={!isReady}
            busy={sending.isSending}
          >
            {props.action}
          </Button>
        </>
      }
    >
      <form id={id} class="key-form" onSubmit={send}>
        {props.children}
        {sending.fault && (
          <p class="refusal" role="alert">
            {sending.fault}
          </p>
        )}
      </form>
    </Dialog>
  )
}
