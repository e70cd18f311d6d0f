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

const groupObservers = new WeakMap<Element, IntersectionObserver>()

/**
 * A group far from what is seen is left out as a whole (`far`, in the style), and none of what is in it is watched:
 * both cost time at each frame. Before it can be seen it is put back, so that nothing moves but its messages.
 */
export function useGroupInSight(group: { current: Element | null }): void {
  useEffect(() => {
    const target = group.current
    const scroller = target?.closest('[role=log]')
    if (!target || !scroller) return
    const observer = groupObservers.get(scroller) ?? observeGroups(scroller)
    groupObservers.set(scroller, observer)
    observer.observe(target)
    return () => observer.unobserve(target)
  }, [])
}

function observeGroups(scroller: Element): IntersectionObserver {
  const note = (entries: IntersectionObserverEntry[]) => {
    for (const { target, isIntersecting } of entries) {
      target.classList.toggle('far', !isIntersecting)
      for (const element of target.children) watch(element, isIntersecting)
    }
  }
  // Farther than browsers look ahead by themselves.
  return new IntersectionObserver(note, { root: scroller, rootMargin: '250% 0px' })
}

function watch(element: Element, isNear: boolean): void {
  const tell = listeners.get(element)
  if (tell === undefined) return
  if (isNear) observer.observe(element)
  else {
    observer.unobserve(element)
    tell(false)
  }
}
