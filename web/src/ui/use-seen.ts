import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const MARGIN = '240px'

/** True from the first moment the element is near the screen: what nobody scrolls to is never asked for. */
export function useSeen(ref: RefObject<Element>): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element || isSeen) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      { rootMargin: MARGIN },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref, isSeen])
  return isSeen
}
