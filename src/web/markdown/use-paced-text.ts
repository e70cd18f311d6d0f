import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Of the page's time, what drawing an answer may take while it is written. */
const greatestShare = 1 / 20
const shortestPauseMs = 50
const longestPauseMs = 300

/**
 * The text as far as it shall be drawn now: all of it when it is finished; while it grows, the latest of it at most
 * once a frame, and the more seldom the longer drawing takes.
 */
export function usePacedText(text: string, isGrowing: boolean): string {
  const shown = useSignal(text)
  const pace = useRef({ latest: text, isWaiting: false, notBefore: 0 }).current
  pace.latest = text

  // A layout effect: one that waits for the paint would ask for a frame with every word.
  useLayoutEffect(() => {
    if (!isGrowing || pace.isWaiting || pace.latest === shown.peek()) return
    pace.isWaiting = true
    atNextFrame(pace.notBefore, () => {
      const begun = performance.now()
      pace.isWaiting = false
      shown.value = pace.latest
      afterFrame(() => {
        const now = performance.now()
        const pause = (now - begun) / greatestShare
        pace.notBefore = now + Math.min(longestPauseMs, Math.max(shortestPauseMs, pause))
      })
    })
  })
  return isGrowing ? shown.value : text
}

/** A page in the background has no frames: then a moment later. */
function atNextFrame(notBefore: number, act: () => void): void {
  const wait = notBefore - performance.now()
  if (wait > 4) {
    setTimeout(() => atNextFrame(0, act), wait)
    return
  }
  const frame = requestAnimationFrame(go)
  const timer = setTimeout(go, 250)
  function go() {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    act()
  }
}

/** When what was changed has been laid out and painted. */
function afterFrame(act: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    act()
  }
  port2.postMessage(null)
}
