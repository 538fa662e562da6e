import { Flag, LetterBadge, ScreenBadge } from '../ui/badge.tsx'
import type { Report } from './definitions.ts'
import type { ListRow } from './rows.ts'

export function RowIcon({ report, row }: { report: Report; row: ListRow }) {
  switch (report.icon) {
    case 'flag':
      return <Flag code={row.country ?? ''} />
    case 'letter':
      return <LetterBadge name={row.name} />
    case 'screen':
      return <ScreenBadge name={row.name} />
    case 'none':
      return null
  }
}
