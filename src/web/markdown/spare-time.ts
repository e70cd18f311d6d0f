/** How long a job may keep the page from other things. */
const sliceMs = 8

const waiting = new Set<() => void>()
let spentMs = 0
let isResting = false

/**
 * At once while there is not much of it, else after whatever else the page has to do, slice by slice. Returns how to
 * take it back.
 */
export function whenThereIsTime(job: () => void): () => void {
  const own = () => job()
  waiting.add(own)
  if (waiting.size === 1) work()
  return () => void waiting.delete(own)
}

function work(): void {
  for (const job of waiting) {
    if (spentMs >= sliceMs) break
    waiting.delete(job)
    const begun = performance.now()
    job()
    spentMs += performance.now() - begun
  }
  if (isResting) return
  isResting = true
  setTimeout(() => {
    isResting = false
    spentMs = 0
    if (waiting.size > 0) work()
  })
}
