interface TraceEvent {
  name: string
  pid: number
  tid: number
  args: { name?: string }
  /** Microseconds of the thread's processor time. */
  tdur?: number
}

/** The tasks of the page's main thread, in milliseconds: of the one that had most to do, as there may be a spare. */
export function tasksOf(trace: string): number[] {
  const { traceEvents: events } = JSON.parse(trace) as { traceEvents: TraceEvent[] }
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const tasks = threads.map(({ pid, tid }) =>
    events
      .filter((event) => event.pid === pid && event.tid === tid && event.name.endsWith('RunTask'))
      .map(({ tdur = 0 }) => tdur / 1000),
  )
  const busiest = tasks.sort((a, b) => b.length - a.length)[0]
  if (busiest === undefined || busiest.length === 0) throw new Error('the browser tells of no task')
  return busiest
}
