import { Gauge, type Registry } from 'prom-client'
import type { Metrics, StreamKind } from './metrics.ts'

const streamKinds: StreamKind[] = ['sse', 'ndjson']

export function measureConnections(registry: Registry): Pick<Metrics, 'streamOpened' | 'socketOpened'> {
  const streams = new Gauge({
    name: 'cloudchat_open_streams',
    help: 'Answers that follow a turn or the events of a person.',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of streamKinds) streams.set({ kind }, 0)
  const sockets = new Gauge({
    name: 'cloudchat_open_sockets',
    help: 'Open WebSockets.',
    registers: [registry],
  })
  return {
    streamOpened: (kind) => opened(streams.labels({ kind })),
    socketOpened: () => opened(sockets),
  }
}

/** Counts down once, however often it is told that it is over. */
function opened(gauge: { inc(): void; dec(): void }): () => void {
  let isOpen = true
  gauge.inc()
  return () => {
    if (isOpen) gauge.dec()
    isOpen = false
  }
}
