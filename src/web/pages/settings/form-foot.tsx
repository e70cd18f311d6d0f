import { Button } from '../../ui/button.tsx'
import type { Sending } from './use-sending.ts'

/** What is wrong with a form, and the button that sends it. */
export function FormFoot(props: { sending: Sending; action: string; isReady: boolean }) {
  const { sending } = props
  return (
    <>
      {sending.fault && (
        <p class="refusal" role="alert">
          {sending.fault}
        </p>
      )}
      <div class="settings-foot">
        <Button type="submit" look="primary" disabled={!props.isReady} busy={sending.isSending}>
          {props.action}
        </Button>
      </div>
    </>
  )
}
