/** Preloaded into the demo's processes: ends them when the demo is gone, even when it was killed. */
process.stdin.on('error', () => {})
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
