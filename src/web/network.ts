import { shellTexts } from './texts/shell.ts'
import { say, sayFault } from './ui/toast.tsx'

/** Says when the device has lost its network, and when it has it again. */
export function followNetwork(): void {
  addEventListener('offline', () => sayFault(shellTexts.value.offline))
  addEventListener('online', () => say(shellTexts.value.backOnline))
}
