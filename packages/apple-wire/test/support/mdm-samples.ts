import { readFileSync } from 'node:fs'
import { readPlistDict } from '../../src/plist.ts'
import type { PlistDict } from '../../src/plist-value.ts'

/** The bytes of a sample in `fixtures/mdm`. */
export const sampleBytes = (name: string): Uint8Array =>
  readFileSync(new URL(`../../fixtures/mdm/${name}.plist`, import.meta.url))

export const sample = (name: string): PlistDict => readPlistDict(sampleBytes(name))
