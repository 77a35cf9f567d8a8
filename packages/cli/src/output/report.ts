/** What a command gives: one JSON document for programs, or text for people. */
import type { World } from '../world.ts'

/** `--json`, which every command has. */
export const jsonFlag = {
  kind: 'boolean',
  brief: "One JSON document on standard output, shaped as the API's answer",
  default: false,
  withNegated: false,
} as const

export interface JsonFlag {
  readonly json: boolean
}

/** Writes the value as JSON or, when that was not asked for, its text; text ends with a line break. */
export function report(world: World, json: boolean, value: unknown, text: () => string): void {
  world.stdout.write(json ? `${JSON.stringify(value ?? null, null, 2)}\n` : withBreak(text()))
}

/** A remark for people that is not part of the result; goes to standard error, so that pipes stay clean. */
export function remark(world: World, text: string): void {
  world.stderr.write(withBreak(text))
}

const withBreak = (text: string): string => (text === '' ? '' : `${text}\n`)
