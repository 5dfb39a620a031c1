import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { InvitationPage } from '@/access/InvitationPage'
import { nextOf } from '@/access/next'
import { signInWith } from '@/access/session'
import { SignInPage } from '@/access/SignInPage'
import { tokenOf } from '@/access/token'
import { statusOf } from '@/api/client'
import { sessionQuery, structureQuery } from '@/api/queries'
import { assetFiltersOf } from '@/assets/filters'
import { askedOf as auditAskedOf } from '@/audit/asked'
import { Frame } from '@/app/Frame'
import { Failure, Missing } from '@/app/Failure'
import { CollectivityPage } from '@/collectivities/CollectivityPage'
import { askedOf } from '@/charts/period'
import { viewOf } from '@/dashboards/view'
import { filtersOf } from '@/devices/filters'
import { exploredOf } from '@/explore/explored'
import { basisOf, deviceOf, statementOf, subjectOf } from '@/pooling/asked'
import { ofOf } from '@/things/administered'
import { measuresOf } from '@/things/measured'
import { shownOf } from '@/territory/asked'
import { TerritoryPage } from '@/territory/TerritoryPage'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Frame })

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  component: SignInPage,
  validateSearch: nextOf,
  preload: false,
  loader: async ({ context, location }): Promise<{ refused: unknown }> => {
    const token = tokenOf(location.hash)
    if (token === null) return { refused: null }
    try {
      await signInWith({ token })
    } catch (refused) {
      return { refused }
    }
    context.queries.clear()
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the router asks for
    throw redirect({ to: '/', hash: '', replace: true })
  },
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: 'invitation',
  component: InvitationPage,
})

const setup = createRoute({
  getParentRoute: () => root,
  path: 'setup',
  component: lazyRouteComponent(() => import('@/setup/SetupPage'), 'SetupPage'),
})

/** What only a person signed in sees. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.query({ ...sessionQuery, staleTime: 'static' })
    } catch (error) {
      if (statusOf(error) !== 401) throw error
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the router asks for
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    }
    await context.queries.query({ ...structureQuery, staleTime: 'static' })
  },
})

const territory = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: shownOf,
  component: TerritoryPage,
})

const collectivity = createRoute({
  getParentRoute: () => inside,
  path: 'collectivities/$key',
  component: CollectivityPage,
})

/** A number that names a thing in an address. */
const numbered = {
  parse: ({ id }: { id: string }) => ({ id: Number(id) }),
  stringify: ({ id }: { id: number }) => ({ id: String(id) }),
}

const series = createRoute({
  getParentRoute: () => inside,
  path: 'series/$id',
  params: numbered,
  validateSearch: askedOf,
  component: lazyRouteComponent(() => import('@/series/SeriesPage'), 'SeriesPage'),
})

const devices = createRoute({
  getParentRoute: () => inside,
  path: 'devices',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('@/devices/DevicesPage'), 'DevicesPage'),
})

const device = createRoute({
  getParentRoute: () => inside,
  path: 'devices/$id',
  params: numbered,
  validateSearch: measuresOf,
  component: lazyRouteComponent(() => import('@/devices/DevicePage'), 'DevicePage'),
})

const assets = createRoute({
  getParentRoute: () => inside,
  path: 'assets',
  validateSearch: assetFiltersOf,
  component: lazyRouteComponent(() => import('@/assets/AssetsPage'), 'AssetsPage'),
})

const asset = createRoute({
  getParentRoute: () => inside,
  path: 'assets/$id',
  params: numbered,
  validateSearch: measuresOf,
  component: lazyRouteComponent(() => import('@/assets/AssetPage'), 'AssetPage'),
})

const explore = createRoute({
  getParentRoute: () => inside,
  path: 'explore',
  validateSearch: exploredOf,
  component: lazyRouteComponent(() => import('@/explore/ExplorePage'), 'ExplorePage'),
})

const dashboards = createRoute({
  getParentRoute: () => inside,
  path: 'dashboards',
  component: lazyRouteComponent(() => import('@/dashboards/DashboardsPage'), 'DashboardsPage'),
})

const dashboard = createRoute({
  getParentRoute: () => inside,
  path: 'dashboards/$key',
  validateSearch: viewOf,
  component: lazyRouteComponent(() => import('@/dashboards/DashboardPage'), 'DashboardPage'),
})

/** For whoever has the link, signed in or not. */
const shown = createRoute({
  getParentRoute: () => root,
  path: 'shown/$link',
  validateSearch: viewOf,
  component: lazyRouteComponent(() => import('@/dashboards/ShownPage'), 'ShownPage'),
})

const pooling = createRoute({
  getParentRoute: () => inside,
  path: 'pooling',
  component: lazyRouteComponent(() => import('@/pooling/PoolingPage'), 'PoolingPage'),
})

/** A service's year in an address. */
const ofService = {
  parse: ({ service, year }: { service: string; year: string }) => ({ service, year: Number(year) }),
  stringify: ({ service, year }: { service: string; year: number }) => ({ service, year: String(year) }),
}

/** A member's. */
const ofMember = {
  parse: ({ member, year }: { member: string; year: string }) => ({ member, year: Number(year) }),
  stringify: ({ member, year }: { member: string; year: number }) => ({ member, year: String(year) }),
}

const shares = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/services/$service/$year',
  params: ofService,
  validateSearch: basisOf,
  component: lazyRouteComponent(() => import('@/pooling/SharesPage'), 'SharesPage'),
})

const statements = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/services/$service/$year/statements',
  params: ofService,
  validateSearch: statementOf,
  component: lazyRouteComponent(() => import('@/pooling/StatementsPage'), 'StatementsPage'),
})

const programme = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/programmes/$key',
  component: lazyRouteComponent(() => import('@/pooling/ProgrammePage'), 'ProgrammePage'),
})

const costModel = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/services/$service/$year/model',
  params: ofService,
  component: lazyRouteComponent(() => import('@/pooling/ModelPage'), 'ModelPage'),
})

const newProgramme = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/programmes/new',
  component: lazyRouteComponent(() => import('@/pooling/ProgrammeEditPage'), 'ProgrammeEditPage'),
})

const editedProgramme = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/programmes/$key/edit',
  component: lazyRouteComponent(() => import('@/pooling/ProgrammeEditPage'), 'ProgrammeEditPage'),
})

const withWhom = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/with-whom',
  validateSearch: subjectOf,
  component: lazyRouteComponent(() => import('@/pooling/WithWhomPage'), 'WithWhomPage'),
})

const catalogue = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/with-whom/catalogue',
  component: lazyRouteComponent(() => import('@/pooling/CataloguePage'), 'CataloguePage'),
})

const forms = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/with-whom/forms',
  component: lazyRouteComponent(() => import('@/pooling/FormsPage'), 'FormsPage'),
})

const skills = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/skills',
  component: lazyRouteComponent(() => import('@/pooling/SkillsPage'), 'SkillsPage'),
})

const given = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/returns/$member/$year',
  params: ofMember,
  component: lazyRouteComponent(() => import('@/pooling/ReturnPage'), 'ReturnPage'),
})

const experiments = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/experiments',
  component: lazyRouteComponent(() => import('@/pooling/trying/ExperimentsPage'), 'ExperimentsPage'),
})

const newExperiment = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/experiments/new',
  component: lazyRouteComponent(() => import('@/pooling/trying/ExperimentFormPage'), 'NewExperimentPage'),
})

const experiment = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/experiments/$key',
  component: lazyRouteComponent(() => import('@/pooling/trying/ExperimentPage'), 'ExperimentPage'),
})

const changeExperiment = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/experiments/$key/change',
  component: lazyRouteComponent(() => import('@/pooling/trying/ExperimentFormPage'), 'ChangeExperimentPage'),
})

const purchases = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/purchases',
  component: lazyRouteComponent(() => import('@/pooling/buying/PurchasesPage'), 'PurchasesPage'),
})

const purchase = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/purchases/$key',
  component: lazyRouteComponent(() => import('@/pooling/buying/PurchasePage'), 'PurchasePage'),
})

const purchaseAnalysis = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/purchases/$key/analysis',
  component: lazyRouteComponent(() => import('@/pooling/buying/AnalysisPage'), 'AnalysisPage'),
})

const comparedModels = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/purchases/models',
  component: lazyRouteComponent(() => import('@/pooling/buying/CataloguePage'), 'CataloguePage'),
})

const maintenance = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/maintenance',
  component: lazyRouteComponent(() => import('@/pooling/buying/MaintenancePage'), 'MaintenancePage'),
})

const failures = createRoute({
  getParentRoute: () => inside,
  path: 'pooling/failures',
  component: lazyRouteComponent(() => import('@/pooling/buying/FailuresPage'), 'FailuresPage'),
  validateSearch: deviceOf,
})

const connections = createRoute({
  getParentRoute: () => inside,
  path: 'connections',
  component: lazyRouteComponent(() => import('@/connections/ConnectionsPage'), 'ConnectionsPage'),
})

const newConnection = createRoute({
  getParentRoute: () => inside,
  path: 'connections/new',
  component: lazyRouteComponent(() => import('@/connections/NewConnectionPage'), 'NewConnectionPage'),
})

const connection = createRoute({
  getParentRoute: () => inside,
  path: 'connections/$key',
  component: lazyRouteComponent(() => import('@/connections/ConnectionPage'), 'ConnectionPage'),
})

const model = createRoute({
  getParentRoute: () => inside,
  path: 'device-models/$code',
  component: lazyRouteComponent(() => import('@/models/ModelPage'), 'ModelPage'),
})

const downlinks = createRoute({
  getParentRoute: () => inside,
  path: 'devices/$id/downlinks',
  params: numbered,
  component: lazyRouteComponent(() => import('@/downlinks/DownlinksPage'), 'DownlinksPage'),
})

const agreements = createRoute({
  getParentRoute: () => inside,
  path: 'agreements',
  validateSearch: ofOf,
  component: lazyRouteComponent(() => import('@/agreements/AgreementsPage'), 'AgreementsPage'),
})

const people = createRoute({
  getParentRoute: () => inside,
  path: 'people',
  validateSearch: ofOf,
  component: lazyRouteComponent(() => import('@/people/PeoplePage'), 'PeoplePage'),
})

const audit = createRoute({
  getParentRoute: () => inside,
  path: 'audit',
  validateSearch: auditAskedOf,
  component: lazyRouteComponent(() => import('@/audit/AuditPage'), 'AuditPage'),
})

const account = createRoute({
  getParentRoute: () => inside,
  path: 'account',
  component: lazyRouteComponent(() => import('@/account/AccountPage'), 'AccountPage'),
})

const notifications = createRoute({
  getParentRoute: () => inside,
  path: 'notifications',
  component: lazyRouteComponent(() => import('@/notifications/NotificationsPage'), 'NotificationsPage'),
})

/** For anybody: the law wants it public. */
const accessibility = createRoute({
  getParentRoute: () => root,
  path: 'accessibility',
  component: lazyRouteComponent(() => import('@/accessibility/AccessibilityPage'), 'AccessibilityPage'),
})

export function routerWith(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      invitation,
      setup,
      shown,
      accessibility,
      inside.addChildren([
        territory,
        collectivity,
        series,
        devices,
        device,
        assets,
        asset,
        explore,
        dashboards,
        dashboard,
        pooling,
        shares,
        statements,
        costModel,
        programme,
        newProgramme,
        editedProgramme,
        withWhom,
        catalogue,
        forms,
        skills,
        given,
        experiments,
        newExperiment,
        experiment,
        changeExperiment,
        purchases,
        purchase,
        purchaseAnalysis,
        comparedModels,
        maintenance,
        failures,
        connections,
        newConnection,
        connection,
        model,
        downlinks,
        agreements,
        people,
        audit,
        account,
        notifications,
      ]),
    ]),
    context: { queries },
    defaultErrorComponent: Failure,
    defaultNotFoundComponent: Missing,
    defaultPendingMs: 200,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- augmented
  interface Register {
    router: ReturnType<typeof routerWith>
  }
}
