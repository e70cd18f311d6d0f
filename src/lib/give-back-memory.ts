const afterMs = 1000

/**
 * Gives back, a second from now, what this thread took to start and does not need to run: code that ran once, and
 * garbage. Done once, and not later: code that is in use would have to be compiled again.
 */
export function giveBackMemory(): void {
  setTimeout(() => Bun.shrink(), afterMs).unref()
}
