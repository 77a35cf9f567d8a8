/** `apportion sim call`: any control of the simulator that has no command of its own (O3). */
import { buildCommand } from '@stricli/core'
import { usageFailure } from '../../failure.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

export const call = buildCommand<JsonFlag, [string, string, string?], CommandLine>({
  docs: {
    brief: 'Call the control port of the simulator',
    fullDescription:
      'For example: apportion sim call POST /knobs \'{"pageSize": 100}\'. A wrong path lists them all.',
  },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'GET, POST or DELETE', parse: (text: string) => text.toUpperCase(), placeholder: 'METHOD' },
        { brief: 'Path, for example /state', parse: String, placeholder: 'PATH' },
        { brief: 'JSON to send', parse: String, placeholder: 'JSON', optional: true },
      ],
    },
  },
  async func({ json }, method, path, text) {
    const body = text === undefined ? undefined : parsed(text)
    const answer = await callControl(this.world, {
      method,
      path: path.startsWith('/') ? path : `/${path}`,
      body,
    })
    report(this.world, json, answer, () => JSON.stringify(answer, null, 2))
  },
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usageFailure('usage.json', `“${text}” is not JSON`)
  }
}
