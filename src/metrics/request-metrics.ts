import { Counter, Histogram, type Registry } from 'prom-client'
import type { Metrics } from './metrics.ts'
import { routeClasses, routeClassOf } from './route-class.ts'

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'other']
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Plain numbers, made into metrics when somebody asks: the library's own counting would cost what a small request does. */
export function measureRequests(registry: Registry): Metrics['requestAnswered'] {
  /** By method, class and status in one number. */
  const counts = new Map<number, number>()
  /** For each class the counts below each bound, and above the last. */
  const slots = new Float64Array(routeClasses.length * (bounds.length + 1))
  const sums = new Float64Array(routeClasses.length)

  new Counter({
    name: 'cloudchat_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route_class', 'status'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [key, count] of counts) this.inc(labelsOf(key), count)
    },
  })
  const name = 'cloudchat_http_request_duration_seconds'
  const help = 'From a request to the beginning of its answer.'
  const durations = new Histogram({
    name,
    help,
    labelNames: ['route_class'],
    buckets: bounds,
    registers: [],
  })
  const read = async () => ({
    ...{ name, help, type: 'histogram', aggregator: 'sum' },
    values: routeClasses.flatMap((route_class, place) => histogramOf(route_class, place)),
  })
  registry.registerMetric(Object.assign(durations, { get: read, getForPromString: read }))

  function histogramOf(route_class: string, place: number) {
    let count = 0
    const buckets = [...bounds, '+Inf' as const].map((le, index) => {
      count += slots[place * (bounds.length + 1) + index] ?? 0
      return { metricName: `${name}_bucket`, labels: { route_class, le }, value: count }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { route_class }, value: sums[place] ?? 0 },
      { metricName: `${name}_count`, labels: { route_class }, value: count },
    ]
  }

  return (method, path, status, seconds) => {
    const place = routeClassOf(path)
    const known = methods.indexOf(method)
    const key = ((known < 0 ? methods.length - 1 : known) * 16 + place) * 1024 + status
    counts.set(key, (counts.get(key) ?? 0) + 1)
    let slot = 0
    while (slot < bounds.length && seconds > (bounds[slot] as number)) slot++
    ;(slots[place * (bounds.length + 1) + slot] as number)++
    ;(sums[place] as number) += seconds
  }
}

function labelsOf(key: number) {
  return {
    method: methods[key >> 14] ?? 'other',
    route_class: routeClasses[(key >> 10) & 15] ?? 'other',
    status: String(key & 1023),
  }
}
