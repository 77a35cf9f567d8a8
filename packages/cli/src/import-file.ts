/** The three imports (P3): one command for each kind, which differ in the kind alone. */
import { type Answer, csvUpload, unwrap } from '@apportion/api-client/client'
import { buildCommand, type Command } from '@stricli/core'
import { connect } from './connection.ts'
import { exitCode } from './exit-codes.ts'
import { attention, CommandFailure } from './failure.ts'
import { type JsonFlag, jsonFlag, report } from './output/report.ts'
import { table } from './output/table.ts'
import type { CommandLine, World } from './world.ts'

export type ImportKind = 'devices' | 'users' | 'groups'
type ImportResult = Answer<'importCsv'>

interface Flags extends JsonFlag {
  readonly keepGoodRows: boolean
}

/** `apportion <kind> import FILE`. */
export function importCommand(kind: ImportKind): Command<CommandLine> {
  return buildCommand<Flags, [string], CommandLine>({
    docs: {
      brief: `Import ${kind} from CSV`,
      fullDescription: [
        'UTF-8, comma or semicolon, a header row. When a row is bad, nothing is kept (exit code 4), unless',
        '--keep-good-rows is given: then the bad rows are listed and the others kept (exit code 6).',
      ].join('\n'),
    },
    parameters: {
      flags: {
        keepGoodRows: {
          kind: 'boolean',
          brief: 'Keep the good rows when some are bad',
          default: false,
          withNegated: false,
        },
        json: jsonFlag,
      },
      positional: {
        kind: 'tuple',
        parameters: [{ brief: 'CSV file; - for standard input', parse: String, placeholder: 'FILE' }],
      },
    },
    async func({ keepGoodRows, json }, path) {
      const { world } = this
      const file = await world.readFile(path)
      const client = await connect(world)
      const query = {
        kind,
        onError: keepGoodRows ? ('keep_good_rows' as const) : ('keep_nothing' as const),
        fileName: path === '-' ? 'standard input' : fileNameOf(path),
      }
      const result = unwrap(await client.POST('/api/v1/imports', { params: { query }, ...csvUpload(file) }))
      report(world, json, result, () => describe(result, world))
      judge(result, kind)
    },
  })
}

/** Ends the command with 4 when nothing was kept, with 6 when some rows were left out. */
function judge({ kept, rejected, rows }: ImportResult, kind: ImportKind): void {
  if (rejected === 0) return
  const bad = `${rejected} of ${rows} rows are bad`
  if (kept) throw attention('import.partly', `${bad} and were left out.`)
  throw new CommandFailure(
    'import.rejected',
    `${bad}, so nothing was kept. Correct them, or keep the others: apportion ${kind} import FILE --keep-good-rows`,
    { exits: exitCode.refused },
  )
}

function describe(result: ImportResult, { stdout }: World): string {
  const { rows, created, updated, unchanged, rejected, rejections, kept } = result
  const counted = kept
    ? `${rows} rows: ${created} new, ${updated} changed, ${unchanged} unchanged, ${rejected} left out`
    : `${rows} rows: nothing kept, ${rejected} bad`
  if (rejections.length === 0) return counted
  const shown = table(
    rejections,
    [
      { title: 'LINE', of: ({ line }) => line },
      { title: 'COLUMN', of: ({ column }) => column },
      { title: 'VALUE', of: ({ value }) => value, flexible: true },
      { title: 'REASON', of: ({ reason }) => reason, flexible: true },
    ],
    stdout,
  )
  return `${counted}\n\n${shown}`
}

function fileNameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).slice(0, 255)
}
