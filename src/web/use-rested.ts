import { useEffect } from 'preact/hooks'

const restMs = 300

/** What is typed is looked for when the hand rests. `current`: the filter that is in force. */
export function useRested<Filter>(wanted: Filter, current: Filter, onChange: (filter: Filter) => void): void {
  const wish = JSON.stringify(wanted)
  const known = JSON.stringify(current)
  useEffect(() => {
    if (wish === known) return
    const timer = setTimeout(() => onChange(wanted), restMs)
    return () => clearTimeout(timer)
  }, [wish, known])
}
