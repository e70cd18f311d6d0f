import { shellTexts } from './texts/shell.ts'
import { sayState } from './ui/toast.tsx'

/** Says when the device has lost its network, and when it has it again. */
export function followNetwork(): void {
  addEventListener('offline', () => sayState('network', shellTexts.value.offline, true))
  addEventListener('online', () => sayState('network', shellTexts.value.backOnline, false))
}
