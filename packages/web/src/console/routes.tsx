/** Every page of the console and its address. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { choiceParam, idParam, textParam } from '../shared/search-params.ts'
import { assetSearch, assetsSearch } from './features/apps/search.ts'
import { deviceSearch } from './features/devices/search.ts'
import { enrollmentSearch } from './features/enrollment/search.ts'
import { forecastSearch } from './features/forecast/search.ts'
import { idleSearch } from './features/idle/search.ts'
import { interventionSearch } from './features/interventions/search.ts'
import { ledgerSearch } from './features/ledger/search.ts'
import { doubleSpendSearch } from './features/people/search.ts'
import { NotFoundPage, PageFailure } from './features/shell/failure.tsx'
import { Shell } from './features/shell/shell.tsx'
import { sessionQuery, setupQuery } from './features/sign-in/session.ts'
import { SetupPage } from './features/sign-in/setup-page.tsx'
import { SignInPage } from './features/sign-in/sign-in-page.tsx'

interface Context {
  readonly queries: QueryClient
}

interface GroupsSearch {
  readonly q?: string | undefined
  readonly kind?: 'device' | 'user' | undefined
}

interface OperationsAddress {
  readonly tokenId?: number | undefined
  readonly show?: 'open' | undefined
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFoundPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => {
    const next = textParam(search.next)
    // Only a path of this console: never an address that someone else put into a link.
    return next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {}
  },
  beforeLoad: async ({ context: { queries } }) => {
    const { needed } = await queries.fetchQuery(setupQuery)
    if (needed) throw redirect({ to: '/setup' })
    if ((await queries.ensureQueryData(sessionQuery)) !== null) throw redirect({ to: '/' })
  },
  errorComponent: PageFailure,
  component: SignInPage,
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async ({ context: { queries } }) => {
    const { needed } = await queries.fetchQuery(setupQuery)
    if (!needed) throw redirect({ to: '/sign-in' })
  },
  errorComponent: PageFailure,
  component: SetupPage,
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context: { queries }, location }) => {
    if ((await queries.ensureQueryData(sessionQuery)) === null) {
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    }
  },
  errorComponent: PageFailure,
  component: Shell,
})

const numberedPath = { parse: (params: Record<string, string>) => ({ id: idParam(params.id) ?? 0 }) }

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./features/overview/overview-page.tsx'), 'OverviewPage'),
})

const tokens = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens',
  validateSearch: searchText,
  component: lazyRouteComponent(() => import('./features/tokens/tokens-page.tsx'), 'TokensPage'),
})

const addToken = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens/add',
  component: lazyRouteComponent(() => import('./features/tokens/add-token-page.tsx'), 'AddTokenPage'),
})

const token = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens/$id',
  params: numberedPath,
  component: lazyRouteComponent(() => import('./features/tokens/token-page.tsx'), 'TokenPage'),
})

const syncFindings = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens/$id/syncs/$syncId',
  params: {
    parse: (params: Record<string, string>) => ({
      id: idParam(params.id) ?? 0,
      syncId: params.syncId ?? '',
    }),
  },
  component: lazyRouteComponent(() => import('./features/tokens/findings-page.tsx'), 'FindingsPage'),
})

const apps = createRoute({
  getParentRoute: () => signedIn,
  path: '/apps',
  validateSearch: assetsSearch,
  component: lazyRouteComponent(() => import('./features/apps/apps-page.tsx'), 'AppsPage'),
})

const app = createRoute({
  getParentRoute: () => signedIn,
  path: '/apps/$id',
  params: numberedPath,
  validateSearch: assetSearch,
  component: lazyRouteComponent(() => import('./features/apps/app-page.tsx'), 'AppPage'),
})

const title = createRoute({
  getParentRoute: () => signedIn,
  path: '/titles/$adamId',
  component: lazyRouteComponent(() => import('./features/titles/title-page.tsx'), 'TitlePage'),
})

const devices = createRoute({
  getParentRoute: () => signedIn,
  path: '/devices',
  validateSearch: searchText,
  component: lazyRouteComponent(() => import('./features/devices/devices-page.tsx'), 'DevicesPage'),
})

const device = createRoute({
  getParentRoute: () => signedIn,
  path: '/devices/$id',
  params: numberedPath,
  validateSearch: deviceSearch,
  component: lazyRouteComponent(() => import('./features/devices/device-page.tsx'), 'DevicePage'),
})

const whyNotInstalled = createRoute({
  getParentRoute: () => signedIn,
  path: '/devices/$id/why/$assetId',
  params: {
    parse: (params: Record<string, string>) => ({
      id: idParam(params.id) ?? 0,
      assetId: idParam(params.assetId) ?? 0,
    }),
  },
  component: lazyRouteComponent(() => import('./features/installs/why-page.tsx'), 'WhyPage'),
})

const enrollment = createRoute({
  getParentRoute: () => signedIn,
  path: '/enrollment',
  validateSearch: enrollmentSearch,
  component: lazyRouteComponent(() => import('./features/enrollment/enrollment-page.tsx'), 'EnrollmentPage'),
})

const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  validateSearch: searchText,
  component: lazyRouteComponent(() => import('./features/users/users-page.tsx'), 'UsersPage'),
})

const user = createRoute({
  getParentRoute: () => signedIn,
  path: '/users/$id',
  params: numberedPath,
  component: lazyRouteComponent(() => import('./features/users/user-page.tsx'), 'UserPage'),
})

const doubleSpend = createRoute({
  getParentRoute: () => signedIn,
  path: '/double-spend',
  validateSearch: doubleSpendSearch,
  component: lazyRouteComponent(() => import('./features/people/double-spend-page.tsx'), 'DoubleSpendPage'),
})

const groups = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups',
  validateSearch: (search: Record<string, unknown>): GroupsSearch => ({
    ...searchText(search),
    kind: choiceParam(search.kind, ['device', 'user'] as const),
  }),
  component: lazyRouteComponent(() => import('./features/groups/groups-page.tsx'), 'GroupsPage'),
})

const group = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups/$id',
  params: numberedPath,
  validateSearch: searchText,
  component: lazyRouteComponent(() => import('./features/groups/group-page.tsx'), 'GroupPage'),
})

const imports = createRoute({
  getParentRoute: () => signedIn,
  path: '/import',
  component: lazyRouteComponent(() => import('./features/imports/import-page.tsx'), 'ImportPage'),
})

const operations = createRoute({
  getParentRoute: () => signedIn,
  path: '/operations',
  validateSearch: (search: Record<string, unknown>): OperationsAddress => ({
    tokenId: idParam(search.tokenId),
    show: choiceParam(search.show, ['open'] as const),
  }),
  component: lazyRouteComponent(() => import('./features/operations/operations-page.tsx'), 'OperationsPage'),
})

const forecast = createRoute({
  getParentRoute: () => signedIn,
  path: '/forecast',
  validateSearch: forecastSearch,
  component: lazyRouteComponent(() => import('./features/forecast/forecast-page.tsx'), 'ForecastPage'),
})

const idle = createRoute({
  getParentRoute: () => signedIn,
  path: '/idle',
  validateSearch: idleSearch,
  component: lazyRouteComponent(() => import('./features/idle/idle-page.tsx'), 'IdlePage'),
})

const takeBack = createRoute({
  getParentRoute: () => signedIn,
  path: '/take-back',
  component: lazyRouteComponent(() => import('./features/interventions/take-back-page.tsx'), 'TakeBackPage'),
})

const intervention = createRoute({
  getParentRoute: () => signedIn,
  path: '/take-back/$id',
  validateSearch: interventionSearch,
  component: lazyRouteComponent(
    () => import('./features/interventions/intervention-page.tsx'),
    'InterventionPage',
  ),
})

const ledger = createRoute({
  getParentRoute: () => signedIn,
  path: '/ledger',
  validateSearch: ledgerSearch,
  component: lazyRouteComponent(() => import('./features/ledger/ledger-page.tsx'), 'LedgerPage'),
})

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  component: lazyRouteComponent(() => import('./features/audit/audit-page.tsx'), 'AuditPage'),
})

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
})

const pages = [
  overview,
  tokens,
  addToken,
  token,
  syncFindings,
  apps,
  app,
  title,
  devices,
  device,
  whyNotInstalled,
  enrollment,
  users,
  user,
  doubleSpend,
  groups,
  group,
] as const
const more = [imports, operations, forecast, idle, takeBack, intervention, ledger, audit, settings] as const
const tree = root.addChildren([signIn, setup, signedIn.addChildren([...pages, ...more])])

/** The console's router; `queries` is what pages read through. */
export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  })
}

function searchText(search: Record<string, unknown>): { q?: string | undefined } {
  return { q: textParam(search.q) }
}
