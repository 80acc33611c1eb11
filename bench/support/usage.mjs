/**
 * Loaded into the worker by `--import`: writes what it used to the file that BENCH_USAGE_FILE names. Plain JavaScript,
 * because loading TypeScript would load the compiler as well and be measured with the worker.
 */
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const file = process.env.BENCH_USAGE_FILE
  if (file)
    writeFileSync(file, JSON.stringify({ maxRssKb: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1_000 }))
})
