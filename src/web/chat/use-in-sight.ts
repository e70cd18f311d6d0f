import { useEffect, useState } from 'preact/hooks'

const listeners = new WeakMap<Element, (isInSight: boolean) => void>()

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting)
})

/** Whether any of it can be seen: of thousands only those few need what one can do with them. */
export function useInSight(element: { current: Element | null }): boolean {
  const [isInSight, setInSight] = useState(false)
  useEffect(() => {
    const target = element.current
    if (target === null) return
    listeners.set(target, setInSight)
    observer.observe(target)
    return () => observer.unobserve(target)
  }, [])
  return isInSight
}
