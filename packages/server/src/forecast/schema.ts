/** The HTTP contract of forecasts and of the shopping list (L10). */
import { forecastStates, horizons } from '@apportion/core/forecast/forecast'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, idParams, moment, pageOf, pageQuery } from '../platform/http/shapes.ts'

const tags = ['Forecast']
const count = z.number().int()
const day = z.iso.date()

const named = {
  assetId: z.number().int(),
  name: z.string(),
  adamId: z.string(),
  iconUrl: z.string().nullable(),
  token: z.object({ id: z.number().int(), name: z.string() }),
}

const daysLeft = z
  .object({ expected: count.nullable(), earliest: count.nullable(), latest: count.nullable() })
  .describe(
    'Days from `asOf` until somebody gets none. Null: not within a year; earliest and latest are null with little history too',
  )

const outcome = {
  state: z.enum(forecastStates),
  text: z.string().describe('One or two sentences'),
  confidence: z
    .enum(['enough_history', 'little_history'])
    .describe('Little: fewer than 14 days or than 10 changes'),
  historyDays: count.describe('Complete days that count'),
  changes: count.describe('Licenses that moved on those days'),
  usePerDay: z.number().nullable().describe('Net, on average; null without a complete day'),
  daysLeft,
  runsOutOn: day.nullable().describe('The expected day'),
  free: count,
  waiting: count,
}

export const need = z.object({
  horizon: z.number().int().describe('Days'),
  expected: count.describe('Enough in half of all courses'),
  cautious: count.nullable().describe('Enough in nine of ten; null with little history'),
})

export const getForecast = defineContract({
  method: 'GET',
  url: '/api/v1/assets/:id/forecast',
  operationId: 'getForecast',
  summary: 'How long the licenses of an asset last, with the days that this is taken from',
  tags,
  access: 'administrator',
  params: idParams,
  response: {
    200: z.object({
      assetId: z.number().int(),
      asOf: moment,
      owned: count.nullable().describe('Without those of retired users; null when unlimited'),
      used: count,
      history: z
        .array(
          z.object({
            day,
            granted: count,
            released: count,
            used: count.describe('At the end of the day'),
          }),
        )
        .describe('The last 90 days, oldest first, and today'),
      forecast: z
        .object({
          ...outcome,
          burst: z
            .object({ from: day, to: day, licenses: z.number().int() })
            .nullable()
            .describe('Days that are left out, since they look like a rollout that happened once'),
          planned: z.array(
            z.object({
              at: moment,
              licenses: count,
              percent: count,
              assignmentId: z.number().int(),
              groupName: z.string(),
            }),
          ),
          needs: z.array(need),
          outlook: z
            .array(
              z.object({
                day,
                expected: z.number(),
                low: z.number().nullable(),
                high: z.number().nullable(),
              }),
            )
            .describe('Licenses that will be used or waited for at the end of each of the next 90 days'),
        })
        .nullable()
        .describe('Null when nothing can run out: unlimited, or no longer listed by Apple'),
    }),
  },
})

const listQuery = z.object({ tokenId: addressId.optional().describe('Of one location') })

export const listForecasts = defineContract({
  method: 'GET',
  url: '/api/v1/forecast',
  operationId: 'listForecasts',
  summary: 'Assets by the days that their licenses last, soonest first',
  description: 'As of the last look: at most a quarter of an hour ago where counts changed.',
  tags,
  access: 'administrator',
  querystring: pageQuery.extend({
    ...listQuery.shape,
    within: z.coerce
      .number()
      .int()
      .min(0)
      .max(365)
      .optional()
      .describe('Only those expected to run out within so many days'),
  }),
  response: {
    200: pageOf(z.object({ ...named, asOf: moment, ...outcome, planned: count.describe('Within a year') })),
  },
})

const shoppingQuery = listQuery.extend({
  horizon: z.coerce
    .number()
    .pipe(z.literal(horizons))
    .default(90)
    .describe('Days that it should last: 30, 60, 90, 180 or 365'),
  cautious: z
    .stringbool()
    .default(false)
    .describe('List what is needed to be safe in nine of ten cases, instead of in half of them'),
})

const line = z.object({
  ...named,
  pricingParam: z.string(),
  country: z.string(),
  waiting: count,
  free: count,
  needed: count.describe('Enough in half of all courses'),
  neededCautious: count.nullable().describe('Enough in nine of ten; null with little history'),
  confidence: outcome.confidence,
  price: z.number().nullable().describe("In the currency of the location's store; null when not known"),
  priceText: z.string().nullable().describe('As the store writes it, with the currency'),
  cost: z.number().nullable().describe('Price × needed, or × neededCautious when cautious is asked for'),
  asOf: moment,
})

export const listShoppingList = defineContract({
  method: 'GET',
  url: '/api/v1/shopping-list',
  operationId: 'listShoppingList',
  summary: 'Licenses to buy so that nobody waits within the horizon, location by location',
  description: 'Most needed first within a location, since one buys at Apple for one location at a time.',
  tags,
  access: 'administrator',
  querystring: pageQuery.extend(shoppingQuery.shape),
  response: { 200: pageOf(line) },
})

export const exportShoppingList = defineContract({
  method: 'GET',
  url: '/api/v1/shopping-list.csv',
  operationId: 'exportShoppingList',
  summary: 'The shopping list as CSV, in UTF-8 with a byte order mark',
  tags,
  access: 'administrator',
  querystring: shoppingQuery,
  response: {
    200: { contentType: 'text/csv; charset=utf-8', description: 'Comma-separated, with a header row' },
  },
})
