/** Looking at other processes: whether one is still the one we mean, since process numbers are used again. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/** A process as the system shows it. */
export interface SeenProcess {
  /** Opaque; two looks at one number show the same process when these are equal. */
  readonly startedAt: string
  /** Dead, but its parent has not asked for its exit status; it keeps its number and does nothing. */
  readonly zombie: boolean
  readonly commandLine: string
}

/** The process with this number, or undefined when there is none. */
export function seeProcess(pid: number): SeenProcess | undefined {
  return process.platform === 'linux' ? seeInProc(pid) : seeWithPs(pid)
}

/** True while the process exists and is no zombie. */
export function isRunning(pid: number): boolean {
  const seen = seeProcess(pid)
  return seen !== undefined && !seen.zombie
}

/**
 * Names the set of processes whose numbers mean something here: this boot of this machine, and the container's
 * own numbering where there is one.
 */
export function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    // Without /proc there are no containers with a numbering of their own either.
    return 'this machine'
  }
}

function seeInProc(pid: number): SeenProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces and parentheses; the fields after it are plain.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { startedAt: fields[19] ?? '', zombie: fields[0] === 'Z' || fields[0] === 'X', commandLine }
  } catch {
    return undefined
  }
}

function seeWithPs(pid: number): SeenProcess | undefined {
  try {
    const line = execFileSync('/bin/ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { LC_ALL: 'C' },
    })
    const [, state, startedAt, commandLine] = /^\s*(\S+)\s+(\S+ +\S+ +\S+ +\S+ +\S+)\s+(.*)/.exec(line) ?? []
    if (state === undefined || startedAt === undefined) return undefined
    return { startedAt, zombie: state.startsWith('Z'), commandLine: commandLine ?? '' }
  } catch {
    return undefined
  }
}

/** Sends a signal; a process that is already gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone, or not ours to end; whoever waits for its end will notice.
  }
}
