/** The bar at the top: whose site, who is there now, and the choices that shape everything below. */

import { useState } from 'preact/hooks'
import { useCurrentVisitors } from '../api/use-stats.ts'
import { useBoot } from '../boot.ts'
import { formatLong } from '../charts/format.ts'
import { onPlainClick } from '../reports/bar-list.tsx'
import { useShortcut } from '../state/shortcuts.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { LetterBadge } from '../ui/badge.tsx'
import { Icon, Mark } from '../ui/icons.tsx'
import { Menu, MenuDivider, MenuHeading, MenuItem, MenuLink } from '../ui/menu.tsx'
import { ComparisonPicker } from './comparison-picker.tsx'
import { FilterMenu } from './filter-menu.tsx'
import { FilterPills } from './filter-pills.tsx'
import { PeriodPicker } from './period-picker.tsx'
import { chooseTheme, chosenTheme, isThemeFixed, type Theme } from './theme.ts'

const SITES_SHOWN = 9

interface HeaderProps {
  onCustomRange: () => void
  onCustomComparison: () => void
}

export function Header({ onCustomRange, onCustomComparison }: HeaderProps) {
  const { isEmbedded } = useBoot()
  return (
    <header class={isEmbedded ? 'top embedded' : 'top'}>
      <div class="top-row">
        <SiteSwitcher />
        <CurrentVisitors />
        <div class="top-controls">
          <FilterMenu />
          <ComparisonPicker onCustom={onCustomComparison} />
          <PeriodPicker onCustom={onCustomRange} />
          {!isEmbedded && <PageMenu />}
        </div>
      </div>
      <FilterPills />
    </header>
  )
}

function SiteSwitcher() {
  const { domain, sites, sitesPath, settingsPath } = useBoot()
  const shown = sites.slice(0, SITES_SHOWN)
  const label = (
    <>
      <LetterBadge name={domain} />
      <span class="site-name">{domain}</span>
    </>
  )
  if (shown.length < 2 && !sitesPath && !settingsPath) return <h1 class="site only">{label}</h1>
  return (
    <h1>
      {shown.map((site, index) => (
        <SiteShortcut key={site.domain} digit={String(index + 1)} path={site.path} />
      ))}
      <Menu label={label} name={`Site ${domain}`} class="site" align="start">
        {sitesPath && (
          <MenuLink href={sitesPath} icon="home">
            All sites
          </MenuLink>
        )}
        {settingsPath && (
          <MenuLink href={settingsPath} icon="settings">
            Site settings
          </MenuLink>
        )}
        {shown.length > 0 && <MenuDivider />}
        {shown.map((site, index) => (
          <MenuItem
            key={site.domain}
            isChosen={site.domain === domain}
            shortcut={String(index + 1)}
            onSelect={() => location.assign(site.path)}
          >
            {site.domain}
          </MenuItem>
        ))}
      </Menu>
    </h1>
  )
}

function SiteShortcut({ digit, path }: { digit: string; path: string }) {
  useShortcut(digit, () => location.assign(path))
  return null
}

function CurrentVisitors() {
  const { countsVisitors } = useBoot()
  const { state, update } = useDashboard()
  const isShown = countsVisitors && state.period !== 'realtime' && state.filters.length === 0
  const load = useCurrentVisitors({ isEnabled: isShown })
  if (!isShown || load.state !== 'ready' || load.value === null) return null
  const realtime = { period: 'realtime', date: null, from: null, to: null } as const
  return (
    <a class="current" href="?period=realtime" onClick={onPlainClick(() => update(realtime))}>
      <span class={load.value > 0 ? 'pulse' : 'pulse still'} />
      <span>
        <b>{formatLong(load.value)}</b>
        <span class="wide-only"> current visitor{load.value === 1 ? '' : 's'}</span>
        <span class="phone-only"> now</span>
      </span>
    </a>
  )
}

const THEMES: readonly { theme: Theme; label: string; icon: 'sun' | 'moon' | 'desktop' }[] = [
  { theme: 'system', label: 'As the system', icon: 'desktop' },
  { theme: 'light', label: 'Light', icon: 'sun' },
  { theme: 'dark', label: 'Dark', icon: 'moon' },
]

function PageMenu() {
  const { loginPath } = useBoot()
  const [theme, setTheme] = useState(chosenTheme)
  if (isThemeFixed()) return null
  return (
    <Menu label={<Icon name={theme === 'dark' ? 'moon' : 'sun'} />} name="Theme" class="button icon-only">
      <MenuHeading>Theme</MenuHeading>
      {THEMES.map((one) => (
        <MenuItem
          key={one.theme}
          icon={one.icon}
          isChosen={one.theme === theme}
          onSelect={() => {
            chooseTheme(one.theme)
            setTheme(one.theme)
          }}
        >
          {one.label}
        </MenuItem>
      ))}
      {loginPath && (
        <>
          <MenuDivider />
          <MenuLink href={loginPath}>Log in</MenuLink>
        </>
      )}
    </Menu>
  )
}

export function Footer() {
  const { isEmbedded, isLoggedIn } = useBoot()
  if (isEmbedded) return null
  return (
    <footer class="page-foot">
      <Mark size={18} />
      <span>Passerby</span>
      <span class="page-foot-note">
        {isLoggedIn ? 'Counts visits, keeps nobody.' : 'Web analytics without cookies or personal data.'}
      </span>
    </footer>
  )
}
