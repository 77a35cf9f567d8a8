/** The HTTP contract of titles over all locations (C3), of what changed (C4), and of what fits a device (C2). */
import { unfitReasons } from '@apportion/core/catalog/fits'
import { z } from 'zod'
import { asset, noticeCode, platformName, shown, titleKind } from '../licenses/schema.ts'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, idParams, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'

const tag = ['Apps and books']
const adamId = z.string().regex(/^[0-9]{1,20}$/)

/** Sums over the pools; unlimited ones are left out of total, used, available and retired (S7). */
const titleCounts = z.object({
  unlimitedPools: z
    .number()
    .int()
    .describe('Pools without a limit; when all are, total and available are null'),
  total: z.number().int().nullable(),
  used: z.number().int().describe('Of pools with a limit'),
  usedUnlimited: z.number().int().describe('Of pools without'),
  available: z.number().int().nullable(),
  retired: z.number().int(),
  granting: z.number().int().describe('Of those used: asked of Apple, not yet confirmed'),
  heldOutside: z.number().int().describe('Of those used: not given by us'),
  waiting: z.number().int(),
})

export const title = z.object({
  adamId: z.string(),
  name: z.string().describe("Of the oldest location's store that knows it; the adamId while none does"),
  nameKnown: z.boolean(),
  kind: titleKind,
  publisher: z.string().nullable(),
  bundleId: z.string().nullable(),
  iconUrl: z.string().nullable(),
  platforms: z.array(platformName),
  minimumOs: z.string().nullable(),
  pools: z.number().int().describe('Assets of this title; STDQ and PLUS of a location are two'),
  locations: z.number().int(),
  shortPools: z.number().int().describe('Pools of which none is left'),
  counts: titleCounts,
  notices: z.array(z.object({ code: noticeCode, pools: z.number().int().describe('How many it concerns') })),
})

const listQuery = z.object({
  q: searchQuery.describe('Part of the name, publisher or bundle id in any country, or of the adamId'),
  tokenId: addressId.optional().describe('Only titles that this location owns'),
  kind: titleKind.optional(),
  platform: platformName.optional(),
  show: shown.default('all').describe('A title is shown when one of its pools would be'),
  sort: z.enum(['name', 'available', 'used', 'waiting']).default('name'),
})

export const listTitles = defineContract({
  method: 'GET',
  url: '/api/v1/titles',
  operationId: 'listTitles',
  summary: 'Apps and books, each once, with the sums over the pools of all locations',
  tags: tag,
  access: 'administrator',
  querystring: pageQuery.extend(listQuery.shape),
  response: { 200: pageOf(title) },
})

export const exportTitles = defineContract({
  method: 'GET',
  url: '/api/v1/titles.csv',
  operationId: 'exportTitles',
  summary: 'Use per title as CSV, in UTF-8 with a byte order mark',
  tags: tag,
  access: 'administrator',
  querystring: listQuery.omit({ sort: true }),
  response: {
    200: {
      contentType: 'text/csv; charset=utf-8',
      description: 'Comma-separated, with a header row',
    },
  },
})

export const getTitle = defineContract({
  method: 'GET',
  url: '/api/v1/titles/:adamId',
  operationId: 'getTitle',
  summary: 'One title with its pools, by the name of the content token',
  tags: tag,
  access: 'administrator',
  params: z.object({ adamId }),
  querystring: pageQuery.describe('Pages of the pools'),
  response: {
    200: title.extend({
      names: z
        .array(z.object({ country: z.string(), name: z.string() }))
        .describe('By country, where the stores do not agree; else empty'),
      pools: pageOf(asset.extend({ country: z.string() })),
      poolCount: z.number().int(),
    }),
  },
})

export const titleChange = z.object({
  id: z.number().int(),
  adamId: z.string(),
  name: z.string(),
  change: z.enum([
    'not_in_store',
    'in_store_again',
    'renamed',
    'price_changed',
    'not_licensed',
    'licensed_again',
    'not_device_assignable',
    'device_assignable_again',
    'became_unlimited',
    'became_limited',
  ]),
  at: moment.describe('When it was noticed'),
  country: z.string().nullable().describe('Of the store, for what changed there'),
  asset: z
    .object({ id: z.number().int(), tokenName: z.string() })
    .nullable()
    .describe('For what changed in the licenses of one location'),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

export const listTitleChanges = defineContract({
  method: 'GET',
  url: '/api/v1/title-changes',
  operationId: 'listTitleChanges',
  summary: 'What changed in the store and in the licenses of titles, newest first',
  tags: tag,
  access: 'administrator',
  querystring: pageQuery.extend({
    adamId: adamId.optional(),
    assetId: addressId.optional().describe("Of one asset and its country's store"),
  }),
  response: { 200: pageOf(titleChange) },
})

export const listDeviceTitles = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id/titles',
  operationId: 'listDeviceTitles',
  summary: 'Apps that are owned and run on a device, or those that do not and why',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  querystring: pageQuery.extend({
    q: searchQuery.describe('Part of the name, publisher or bundle id, or of the adamId'),
    show: z.enum(['fitting', 'unfit']).default('fitting'),
  }),
  response: {
    200: pageOf(
      title.extend({
        unfit: z
          .object({ code: z.enum(unfitReasons), text: z.string().describe('One sentence') })
          .nullable()
          .describe('Why it does not run there; what is not known never excludes'),
      }),
    ),
  },
})
