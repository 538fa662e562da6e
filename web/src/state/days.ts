/** Calendar arithmetic on ISO days. A day is a string such as `2026-02-03`; no time zone is involved. */

export type IsoDay = string

const DAY_MS = 86_400_000
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/

function toDate(day: IsoDay): Date {
  return new Date(`${day}T00:00:00Z`)
}

function fromDate(date: Date): IsoDay {
  return date.toISOString().slice(0, 10)
}

/** True for a day that exists: `2026-02-30` does not. */
export function isIsoDay(text: string | null | undefined): text is IsoDay {
  if (!text || !ISO_DAY.test(text)) return false
  const date = toDate(text)
  return !Number.isNaN(date.getTime()) && fromDate(date) === text
}

export function addDays(day: IsoDay, days: number): IsoDay {
  return fromDate(new Date(toDate(day).getTime() + days * DAY_MS))
}

/** Keeps the day of the month, or the month's last day where it has fewer. */
export function addMonths(day: IsoDay, months: number): IsoDay {
  const first = toDate(startOfMonth(day))
  first.setUTCMonth(first.getUTCMonth() + months)
  const last = endOfMonth(fromDate(first))
  const wanted = Number(day.slice(8))
  return wanted >= Number(last.slice(8)) ? last : `${last.slice(0, 8)}${day.slice(8)}`
}

export function startOfMonth(day: IsoDay): IsoDay {
  return `${day.slice(0, 8)}01`
}

export function endOfMonth(day: IsoDay): IsoDay {
  const date = toDate(startOfMonth(day))
  date.setUTCMonth(date.getUTCMonth() + 1)
  return addDays(fromDate(date), -1)
}

export function startOfYear(day: IsoDay): IsoDay {
  return `${day.slice(0, 4)}-01-01`
}

export function endOfYear(day: IsoDay): IsoDay {
  return `${day.slice(0, 4)}-12-31`
}

/** Monday of the day's week. */
export function startOfWeek(day: IsoDay): IsoDay {
  return addDays(day, -((toDate(day).getUTCDay() + 6) % 7))
}

/** Whole days from `from` to `to`, both counted. */
export function dayCount(from: IsoDay, to: IsoDay): number {
  return Math.round((toDate(to).getTime() - toDate(from).getTime()) / DAY_MS) + 1
}

export function earlier(a: IsoDay, b: IsoDay): IsoDay {
  return a < b ? a : b
}

export function later(a: IsoDay, b: IsoDay): IsoDay {
  return a > b ? a : b
}

/** The wall clock of a time zone as `2026-02-03 14:05:00`, which sorts and compares like the server's labels. */
export function wallClock(instantMs: number, timezone: string): string {
  return new Date(instantMs).toLocaleString('sv-SE', { timeZone: timezone })
}

/** A local `Date` at midnight, the form calendars want. */
export function toLocalDate(day: IsoDay): Date {
  return new Date(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8)))
}

export function fromLocalDate(date: Date): IsoDay {
  const month = String(date.getMonth() + 1).padStart(2, '0')
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, '0')}`
}
