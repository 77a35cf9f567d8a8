/** The controls of simulated devices and of the push service that wakes them; only of a simulator that has some. */
import {
  type Body,
  ControlRefusal,
  oneOf,
  optional,
  optionalNumber,
  optionalText,
  text,
} from '../control-body.ts'
import { type Control, control } from '../location-controls.ts'
import type { SimulatedDevice } from './device.ts'
import { deviceKinds } from './device-identity.ts'
import type { Devices } from './devices.ts'

/** The controls of these devices. */
export function deviceControls(devices: Devices): readonly Control[] {
  return [
    control('GET /devices', 'simulated devices with their apps', () => ({
      devices: devices.all.map(deviceState),
    })),
    control(
      'POST /devices',
      '{kind, profileUrl, serialNumber?, name?, productName?, osVersion?, account?}: make one and enroll it',
      async (_, { body }) => deviceState(await enrolled(devices, body)),
    ),
    ofDevice(devices, 'person', '{habit, afterMs?}: accept, refuse or ignore all questions', (device, body) =>
      device.person.always(
        oneOf(body, 'habit', ['accept', 'refuse', 'ignore']),
        optionalNumber(body, 'afterMs'),
      ),
    ),
    ofDevice(devices, 'offline', 'is out of reach', (device) => device.goOffline()),
    ofDevice(devices, 'online', 'is reachable again', (device) => device.goOnline()),
    ofDevice(devices, 'leave', 'its person removes the profile', (device) => device.leave()),
    ofDevice(devices, 'delete-app', '{bundleId}: its person deletes an app', (device, body) =>
      device.deleteApp(text(body, 'bundleId')),
    ),
    control(
      'POST /push-certificates',
      '{request, topic?}: what Apple gives for a signing request, PEM',
      (_, { body }) => ({
        certificate: devices.push.authority.certify({
          request: text(body, 'request'),
          ...optional('topic', optionalText(body, 'topic')),
        }),
      }),
    ),
    control('GET /pushes', 'what became of the latest pushes', () => ({ pushes: devices.push.records })),
  ]
}

function ofDevice(
  devices: Devices,
  act: string,
  purpose: string,
  run: (device: SimulatedDevice, body: Body) => void,
): Control {
  return {
    pattern: new RegExp(`^POST /devices/([^/]+)/${act}$`),
    usage: `POST /devices/{serialNumber}/${act}  ${purpose}`,
    run: (_, { parameters: [serialNumber = ''], body }) => {
      const device = devices.all.findLast(({ identity }) => identity.serialNumber === serialNumber)
      if (device === undefined) throw new ControlRefusal(`There is no simulated device ${serialNumber}`)
      run(device, body)
      return deviceState(device)
    },
  }
}

async function enrolled(devices: Devices, body: Body): Promise<SimulatedDevice> {
  const profileUrl = text(body, 'profileUrl')
  const device = devices.add({
    kind: oneOf(body, 'kind', deviceKinds),
    ...optional('serialNumber', optionalText(body, 'serialNumber')),
    ...optional('name', optionalText(body, 'name')),
    ...optional('productName', optionalText(body, 'productName')),
    ...optional('osVersion', optionalText(body, 'osVersion')),
  })
  const account = optionalText(body, 'account')
  if (account !== undefined) device.signIn(account)
  await device.enroll(profileUrl)
  return device
}

function deviceState(device: SimulatedDevice) {
  const { serialNumber, name, kind, osVersion } = device.identity
  return {
    serialNumber,
    name,
    kind,
    osVersion,
    enrolled: device.isEnrolled,
    promptsShown: device.person.promptsShown,
    apps: device.apps.map(({ bundleId, installed, managed, state = null, license = null }) => ({
      bundleId,
      installed,
      managed,
      state,
      license,
    })),
  }
}
