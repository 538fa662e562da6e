/** Our own icons: 20-unit strokes in the colour of the text. Decoration only, so hidden from screen readers. */

const PATHS = {
  filter: 'M3 5h14M6 10h8M8.5 15h3',
  calendar: 'M4 5.5h12v11H4zM4 9h12M7 3.5v3M13 3.5v3',
  chevron: 'M6 8l4 4 4-4',
  left: 'M12 5l-5 5 5 5',
  right: 'M8 5l5 5-5 5',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  expand: 'M11.5 4H16v4.5M16 4l-5.5 5.5M8.5 16H4v-4.5M4 16l5.5-5.5',
  external: 'M8 5H5v10h10v-3M11 4h5v5M16 4l-7 7',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  up: 'M10 15.5v-11M5.5 9L10 4.5 14.5 9',
  down: 'M10 4.5v11M5.5 11l4.5 4.5 4.5-4.5',
  sun: 'M10 13.200a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.400zM10 2.500v1.500M10 16v1.500M2.5 10h1.500M16 10h1.500M4.7 4.700l1.06 1.060M14.24 14.240l1.06 1.060M4.7 15.300l1.06-1.060M14.24 5.760l1.06-1.06',
  moon: 'M16 11.700A6.5 6.5 0 0 1 8.3 4a6.5 6.5 0 1 0 7.7 7.700z',
  table: 'M3.5 4.500h13v11h-13zM3.5 8.500h13M8.5 8.500v7',
  chart: 'M3 15l4.5-5.5 3.5 3L17 5',
  settings: 'M3 6h7M14 6h3M12 4v4M3 14h3M10 14h7M8 12v4',
  plus: 'M10 4.500v11M4.5 10h11',
  compare: 'M4 7h11M12 4l3 3-3 3M16 13H5M8 10l-3 3 3 3',
  mobile: 'M6.5 2.500h7v15h-7zM9 15h2',
  tablet: 'M4.5 2.500h11v15h-11zM9 15h2',
  desktop: 'M2.5 4h15v9.500h-15zM7 17h6M10 13.500V17',
  warning: 'M10 3.500l7.5 13h-15zM10 8.500v3.500M10 14.200v.1',
  home: 'M3.5 9.500L10 4l6.5 5.500M5.5 8.500V16h9V8.5',
  link: 'M8 12a3 3 0 0 0 4.2 0l3-3A3 3 0 0 0 11 4.800l-.8.8M12 8a3 3 0 0 0-4.2 0l-3 3A3 3 0 0 0 9 15.200l.8-.8',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The mark: bars of a chart, and the middle one is somebody passing by. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect class="mark-ground" width="32" height="32" rx="9" />
      <rect class="mark-bar" x="6.5" y="17" width="4.5" height="8.5" rx="2.25" />
      <rect class="mark-bar" x="21" y="13" width="4.5" height="12.5" rx="2.25" />
      <rect class="mark-person" x="13.5" y="14" width="5" height="11.5" rx="2.5" />
      <circle class="mark-person" cx="16" cy="8.8" r="2.9" />
    </svg>
  )
}
