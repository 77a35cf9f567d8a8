/** What stands at the address of an enrollment link: a page for the person, and the profile for the device. */
import { PROFILE_MEDIA_TYPE } from '@apportion/apple-wire/mdm-profile'
import { Refusal } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { DeviceAnswer, DeviceRequest } from './device-http.ts'
import { enrollPage, problemPage } from './enroll-page.ts'
import { enrollTexts, languageFor } from './enroll-texts.ts'
import { type HandOutPorts, organizationName, profileFor } from './hand-out.ts'
import { findLinkByToken, linkState } from './link-store.ts'
import { handOutByLink } from './links.ts'
import { currentTopic } from './push-store.ts'
import { createRequestLimit } from './request-limit.ts'

/** What answering at enrollment links touches. */
export interface EnrollPorts extends HandOutPorts {
  readonly log: Log
}

/**
 * For one link from one address: whole schools enroll from behind one, and nobody there may keep the others from their own
 * links. Nobody guesses a secret of 256 bits, so that guessing needs no limit, which a stranger could use up for all.
 */
const limit = { most: 600, windowMs: 60_000 }

const pathForm = /^\/enroll\/([\w-]{20,100})(\/profile)?$/

/** Who answers at a path; undefined where no link can be. */
export function createEnrollServer(
  ports: EnrollPorts,
): (path: string) => ((request: DeviceRequest) => Promise<DeviceAnswer>) | undefined {
  const requests = createRequestLimit(ports.clock, limit)
  return (path) => {
    const [, token, profile] = pathForm.exec(path) ?? []
    if (token === undefined) return undefined
    return async (request) => {
      const { address } = request
      const language = languageFor(request.acceptLanguage)
      if (!requests.count(`${address} ${token}`)) return problemPage(language, 'too_many')
      const visit = { token, request }
      return await readied(language, () =>
        profile === undefined ? pageOf(ports, visit) : profileAnswer(ports, visit),
      )
    }
  }
}

interface Visit {
  readonly token: string
  readonly request: DeviceRequest
}

/** A person cannot do anything about the push certificate. */
async function readied(
  language: ReturnType<typeof languageFor>,
  answer: () => Promise<DeviceAnswer>,
): Promise<DeviceAnswer> {
  try {
    return await answer()
  } catch (error) {
    const isAboutPush =
      error instanceof Refusal && (error.code === 'push.missing' || error.code === 'push.expired')
    if (isAboutPush) return problemPage(language, 'not_ready')
    throw error
  }
}

async function pageOf(ports: EnrollPorts, { token, request }: Visit): Promise<DeviceAnswer> {
  const now = ports.clock.now()
  const language = languageFor(request.acceptLanguage)
  const link = await findLinkByToken(ports.db, token)
  const state = link === undefined ? 'unknown' : linkState(link, now)
  if (link === undefined || state !== 'open')
    return problemPage(language, state === 'open' ? 'unknown' : state)
  await currentTopic(ports.db, now)
  return enrollPage({
    language,
    organization: (await organizationName(ports)) ?? null,
    serialNumber: link.serialNumber,
    profilePath: `/enroll/${token}/profile`,
  })
}

async function profileAnswer(ports: EnrollPorts, { token, request }: Visit): Promise<DeviceAnswer> {
  const language = languageFor(request.acceptLanguage)
  await currentTopic(ports.db, ports.clock.now())
  const outcome = await handOutByLink(ports, token)
  if (outcome.state !== 'open') return problemPage(language, outcome.state)
  const { link, handedOut } = outcome
  const texts = enrollTexts[language]
  const organization = (await organizationName(ports)) ?? texts.anOrganization
  const body = await profileFor(ports, {
    challenge: handedOut.challenge,
    words: { organization, description: texts.profileDescription(organization) },
    signed: !(ports.devices.development && request.query.get('signed') === 'no'),
  })
  ports.log.info(
    { linkId: link.id, pendingId: handedOut.pendingId, from: request.address },
    'handed a profile out',
  )
  return {
    status: 200,
    contentType: PROFILE_MEDIA_TYPE,
    body,
    headers: {
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="enroll.mobileconfig"',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  }
}
