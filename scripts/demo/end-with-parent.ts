/** Preloaded into the demo's processes: ends them when the demo is gone, even when it was killed. */
import { Socket } from 'node:net'

// The demo never writes to this pipe; it closes when the demo ends. It must not keep a process alive that has failed.
const fromParent = new Socket({ fd: 0 })
fromParent.on('error', () => {})
fromParent.once('close', () => process.kill(process.pid, 'SIGTERM'))
fromParent.resume().unref()
