/** The shapes of the API that pages show, under the names that pages use. */
import type { Answer, Body, Item } from '@apportion/api-client/client'

export type Overview = Answer<'getOverview'>
export type Attention = Overview['attention'][number]
export type Token = Answer<'getToken'>
export type TokenState = Token['state']
export type TokenHealth = Token['health']
export type Deletion = Answer<'getTokenDeletion'>
export type TokenInspection = Answer<'inspectToken'>
export type SyncRun = Item<'listSyncs'>
export type SyncFinding = Item<'listSyncFindings'>
export type Asset = Answer<'getAsset'>
export type AssetCounts = Asset['counts']
export type AssetNotice = Asset['notices'][number]['code']
export type Title = Item<'listTitles'>
export type TitleDetail = Answer<'getTitle'>
export type Pool = TitleDetail['pools']['items'][number]
export type TitleChange = Item<'listTitleChanges'>
export type DeviceTitle = Item<'listDeviceTitles'>
export type Holder = Item<'listHolders'>
export type Intervention = Answer<'getIntervention'>
export type InterventionLicense = Item<'listInterventionLicenses'>
export type InterventionOutcome = InterventionLicense['outcome']
export type AssetForecast = Answer<'getForecast'>
export type ForecastLine = Item<'listForecasts'>
export type ShoppingLine = Item<'listShoppingList'>
export type LedgerLine = Item<'listLedger'>
export type PastHolder = Item<'listHoldersAt'>
export type Operation = Item<'listOperations'>
export type Assignment = Item<'listAssignments'>
export type Plan = Answer<'createPlan'>
/** What may be asked of a plan: for one asset, for several, or for the members of a group. */
export type PlanRequest = Body<'createPlan'>
export type WantedAssignment = Extract<PlanRequest, { wanted: unknown }>['wanted'][number]
export type Device = Item<'listDevices'>
export type DeviceDetail = Answer<'getDevice'>
export type User = Item<'listUsers'>
export type UserDetail = Answer<'getUser'>
export type Join = UserDetail['joins'][number]
export type DoubleSpend = Item<'listDoubleSpend'>
export type Group = Item<'listGroups'>
export type ImportResult = Item<'listImports'>
export type Session = Answer<'readSession'>
export type ApiKey = Item<'listApiKeys'>
export type AuditEntry = Item<'listAuditEntries'>
