import { describe, expect, test } from 'vitest'
import {
  type InstallApplication,
  readInstalledApplications,
  readInstallResult,
  readManagedApplications,
} from '../src/mdm-apps.ts'
import { deviceQueries, readDeviceFacts } from '../src/mdm-device-facts.ts'
import { accessRights, isPushTopic, RIGHTS_FOR_APPS } from '../src/mdm-profile.ts'
import { readPlistDict, writePlist } from '../src/plist.ts'
import { sample } from './support/mdm-samples.ts'

test('the parameters of InstallApplication are a property list as they are', () => {
  const parameters: InstallApplication = {
    iTunesStoreID: 900001,
    Options: { PurchaseMethod: 1 },
    ManagementFlags: 1,
  }
  const command = { RequestType: 'InstallApplication', ...parameters }
  const { Command } = readPlistDict(new TextEncoder().encode(writePlist({ Command: command })))
  expect(Command).toEqual(sample('install-command').Command)
})

describe('the answer to InstallApplication is read', () => {
  test('accepted', () => {
    expect(readInstallResult(sample('install-accepted'))).toEqual({
      bundleId: 'example.harbor.reader',
      state: 'Installing',
    })
  })
  test('refused', () => {
    expect(readInstallResult(sample('install-refused'))).toEqual({
      state: 'Failed',
      rejectionReason: 'LicenseNotFound',
    })
  })
})

describe('lists of apps are read', () => {
  test('managed ones, with a code that comes back', () => {
    expect(readManagedApplications(sample('managed-applications'))).toEqual([
      {
        bundleId: 'example.harbor.reader',
        state: 'Managed',
        managementFlags: 1,
        hasConfiguration: false,
        hasFeedback: false,
        externalVersionId: 850000017,
      },
      {
        bundleId: 'example.harbor.tides',
        state: 'UserRejected',
        managementFlags: 1,
        hasConfiguration: false,
        hasFeedback: false,
        unusedRedemptionCode: 'HARBORCODE42',
      },
    ])
  })

  test('installed ones', () => {
    expect(readInstalledApplications(sample('installed-applications'))).toEqual([
      {
        bundleId: 'example.harbor.reader',
        name: 'Harbor Reader',
        shortVersion: '3.2',
        version: '3200',
        externalVersionId: 850000017,
        installing: false,
        deviceBasedLicense: true,
        hasUpdateAvailable: true,
      },
      {
        bundleId: 'example.harbor.tides',
        name: 'Tides & Charts',
        installing: true,
        deviceBasedLicense: false,
        hasUpdateAvailable: false,
        download: 'failed',
      },
    ])
  })

  test('a report without a list is no empty list', () => {
    expect(readManagedApplications(sample('idle'))).toBe(undefined)
    expect(readInstalledApplications(sample('idle'))).toBe(undefined)
  })

  test('entries that cannot be read are passed over', () => {
    expect(readManagedApplications({ ManagedApplicationList: { a: 'text', b: { Status: 7 } } })).toEqual([])
    expect(readInstalledApplications({ InstalledApplicationList: ['text', { Name: 'x' }] })).toEqual([])
  })
})

describe('what a device tells of itself', () => {
  test('is read', () => {
    expect(readDeviceFacts(sample('device-information'))).toEqual({
      udid: '00008120-001E58C12A31401E',
      serialNumber: 'HARBORPAD01',
      deviceName: 'Quay iPad',
      modelName: 'iPad',
      productName: 'iPad14,3',
      osVersion: '18.1',
      buildVersion: '22B83',
      storeAccountHash: 'wyQrN4ZkQ0mZ1Vb9c5m8w7sT2xE=',
      supervised: true,
      storeAccountActive: true,
      capacity: 128,
      availableCapacity: 41.5,
    })
    expect(readDeviceFacts(sample('idle'))).toBe(undefined)
  })

  test('is asked without what names a person’s own device in a User Enrollment', () => {
    expect(deviceQueries('device')).toContain('SerialNumber')
    expect(deviceQueries('user')).toContain('TimeZone')
    for (const query of ['UDID', 'SerialNumber', 'iTunesStoreAccountHash']) {
      expect(deviceQueries('user')).not.toContain(query)
    }
  })
})

test('managing apps takes the rights 6419', () => {
  expect(RIGHTS_FOR_APPS).toBe(6419)
  expect(accessRights(['inspectProfiles', 'inspectProfiles'])).toBe(1)
})

describe('a push topic', () => {
  const table: [topic: string, isTopic: boolean][] = [
    ['com.apple.mgmt.External.5f2d1c00-1111-4222-8333-aabbccddee01', true],
    ['com.apple.mgmt.XServer.5f2d1c00', true],
    ['com.apple.mgmt.', false],
    ['com.example.app', false],
    ['com.apple.mgmt.a b', false],
  ]
  for (const [topic, isTopic] of table)
    test(`${topic}: ${isTopic}`, () => expect(isPushTopic(topic)).toBe(isTopic))
})
