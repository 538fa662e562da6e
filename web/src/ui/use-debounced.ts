import { useEffect, useState } from 'preact/hooks'

/** The value once it has rested for `waitMs`. */
export function useDebounced<T>(value: T, waitMs: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), waitMs)
    return () => clearTimeout(timer)
  }, [value, waitMs])
  return rested
}
