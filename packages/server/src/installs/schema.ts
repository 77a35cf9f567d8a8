/** The HTTP contract of installations on devices under management (D3, D4, D8). */
import { failureCodes } from '@apportion/core/installs/failures'
import { endedStates, installStates, stepCodes } from '@apportion/core/installs/install'
import { adviceCodes, whyCodes, whyLinks } from '@apportion/core/installs/why'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import {
  addressId,
  cursorId,
  idParams,
  moment,
  pageOf,
  pageQuery,
  searchQuery,
} from '../platform/http/shapes.ts'

const tag = ['Installations']

/** States of an installation, and that of a device that has no license yet. */
export const shownStates = ['waiting_for_license', ...installStates] as const

const cause = z.object({
  code: z.enum([...stepCodes, ...failureCodes]),
  text: z.string().describe('The same in one sentence'),
  word: z.string().nullable().describe("The device's own word, as Apple's protocol has it"),
  errors: z
    .array(z.object({ domain: z.string(), code: z.number().int(), text: z.string() }))
    .describe("The device's error chain, outermost first"),
  intuneNumber: z.string().nullable().describe('What Intune shows for the same, as 0x87D13B95'),
})

const install = z.object({
  assetId: z.number().int(),
  adamId: z.string(),
  assetName: z.string(),
  tokenName: z.string(),
  state: z.enum(shownStates),
  wanted: z.enum(['installed', 'removed', 'nothing']),
  since: moment,
  cause: cause.nullable().describe('Null while it waits for a license'),
  attempts: z.number().int().describe('Failed attempts in a row'),
  nextAt: moment.nullable().describe('When something happens next by itself'),
  update: z
    .object({ state: z.enum(['available', 'commanded', 'failed']), since: moment })
    .nullable()
    .describe('A newer version, as the device says; null when there is none'),
  settingsProblem: z
    .array(z.object({ domain: z.string(), code: z.number().int(), text: z.string() }))
    .nullable()
    .describe('Why the device did not take newer settings of the app'),
})

export const deviceInstalls = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id/installs',
  operationId: 'listDeviceInstalls',
  summary:
    'How the apps stand on a device: what waits for a license, is on its way, installed, refused or failed',
  tags: tag,
  access: 'administrator',
  params: idParams,
  response: { 200: z.object({ items: z.array(install) }) },
})

export const failures = defineContract({
  method: 'GET',
  url: '/api/v1/install-failures',
  operationId: 'listInstallFailures',
  summary:
    'What devices refuse and report, in plain words, with the numbers that Apple and Intune show for it',
  tags: tag,
  access: 'administrator',
  response: {
    200: z.object({
      items: z.array(
        z.object({
          code: z.enum(failureCodes),
          text: z.string(),
          advice: z.string().describe('What to do, one sentence'),
          state: z.enum(endedStates),
          retry: z
            .enum(['soon', 'daily', 'never'])
            .describe('When it is tried again by itself; soon: after 30 s, 2 and 10 minutes, then daily'),
          appleNumbers: z.array(z.number().int()),
          reasons: z.array(z.string()).describe("Apple's RejectionReason"),
          intuneNumbers: z.array(z.string()),
        }),
      ),
    }),
  },
})

const appOfDevice = z.object({ id: addressId, assetId: addressId })

export const installHistory = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id/installs/:assetId/steps',
  operationId: 'listInstallSteps',
  summary: 'Every state that an app was in on a device, the latest first',
  tags: tag,
  access: 'administrator',
  params: appOfDevice,
  querystring: pageQuery,
  response: { 200: pageOf(z.object({ at: moment, state: z.enum(installStates), cause })) },
})

export const whyNotInstalled = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id/why/:assetId',
  operationId: 'explainInstall',
  summary: 'Why an app is, or is not, on a device: from the rule to what the device says, and what to do now',
  tags: tag,
  access: 'administrator',
  params: appOfDevice,
  response: {
    200: z.object({
      assetName: z.string(),
      deviceName: z.string(),
      serialNumber: z.string(),
      links: z.array(
        z.object({
          link: z.enum(whyLinks),
          state: z.enum(['passed', 'waits', 'ends']),
          code: z.enum(whyCodes),
          text: z.string(),
          at: moment.nullable(),
        }),
      ),
      advice: z.object({ code: z.enum(adviceCodes), text: z.string() }),
      groupName: z.string().nullable().describe('The group whose assignment decides, or excludes'),
      place: z.number().int().nullable().describe('In the queue for a license'),
      refusal: z
        .object({ number: z.number().int().nullable(), text: z.string() })
        .nullable()
        .describe("Apple's refusal of the license"),
      lastSeenAt: moment.nullable().describe('When the device was last heard of'),
      install: install.nullable(),
    }),
  },
})

export const tryInstallAgain = defineContract({
  method: 'POST',
  url: '/api/v1/devices/:id/installs/:assetId/try-again',
  operationId: 'tryInstallAgain',
  summary: 'Try what failed or was refused again now, whatever its next moment',
  tags: tag,
  access: 'administrator',
  params: appOfDevice,
  response: { 200: z.object({ state: z.enum(installStates) }) },
})

const deviceOfAsset = z.object({
  deviceId: z.number().int(),
  deviceName: z.string(),
  serialNumber: z.string(),
  userName: z.string().nullable(),
  state: z.enum(installStates),
  since: moment,
  cause,
  nextAt: moment.nullable(),
})

export const assetInstalls = defineContract({
  method: 'GET',
  url: '/api/v1/assets/:id/installs',
  operationId: 'listAssetInstalls',
  summary: 'How an app stands on the devices under management, by serial number',
  tags: tag,
  access: 'administrator',
  params: idParams,
  querystring: pageQuery.extend({
    state: z.enum(installStates).optional(),
    q: searchQuery.describe('Part of a name or the beginning of a serial number'),
  }),
  response: { 200: pageOf(deviceOfAsset) },
})

/** The key of a row of that list. */
export const assetInstallKey = z.tuple([z.string().max(64)])
export const stepKey = z.tuple([cursorId])

export const assetInstallCounts = defineContract({
  method: 'GET',
  url: '/api/v1/assets/:id/installs/counts',
  operationId: 'countAssetInstalls',
  summary: 'How many devices an app is on, is on its way to, was refused or failed on',
  tags: tag,
  access: 'administrator',
  params: idParams,
  response: {
    200: z.object({
      managedDevices: z.number().int().describe('Devices under management that the app is meant for'),
      waitingForLicense: z.number().int(),
      states: z.array(z.object({ state: z.enum(installStates), devices: z.number().int() })),
    }),
  },
})

const declarativeApps = z
  .object({
    enabled: z
      .boolean()
      .describe(
        'Devices report by themselves how their apps stand (iOS 16), and apps that are required and are to go when management ends come by declaration (iOS 17.2, with a configuration 18.4): their people cannot delete them. Holds for what begins from then on; off unless switched on',
      ),
  })
  .meta({ id: 'DeclarativeApps' })

export const getDeclarativeApps = defineContract({
  method: 'GET',
  url: '/api/v1/settings/declarative-apps',
  operationId: 'getDeclarativeApps',
  summary: 'Whether apps come by declarations where the device can do that',
  tags: tag,
  access: 'administrator',
  response: { 200: declarativeApps },
})

export const putDeclarativeApps = defineContract({
  method: 'PUT',
  url: '/api/v1/settings/declarative-apps',
  operationId: 'putDeclarativeApps',
  summary: 'Have apps come by declarations where the device can do that, or by commands only',
  description: 'What is on a device, or on its way, stays on the way by which it came.',
  tags: tag,
  access: 'administrator',
  body: declarativeApps,
  response: { 200: declarativeApps },
})
