import { signal } from '@preact/signals'

/** How often it was heard that plan, limits or balance are not what they were. */
export const quotaChanges = signal(0)
