import { Histogram, type Registry } from 'prom-client'

const measureEveryMs = 200

/** Measured by a timer of ours: the runtime's own figure stays at zero. Returns the way to stop it. */
export function measureLoopLag(registry: Registry): () => void {
  const lag = new Histogram({
    name: 'cloudchat_event_loop_lag_seconds',
    help: 'How late a timer was, asked five times a second: so long did everybody have to wait.',
    buckets: [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  })
  let due = performance.now() + measureEveryMs
  const timer = setInterval(() => {
    const now = performance.now()
    lag.observe(Math.max(0, now - due) / 1000)
    due = now + measureEveryMs
  }, measureEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
