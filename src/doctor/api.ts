import { REGION_BASE_URLS, type Region } from '../api/regions.ts'
import type { Clock } from '../clock.ts'
import type { Settings, SourceSettings } from '../config.ts'
import {
  ApiRefusedError,
  ApiRequestError,
  ApiUnreachableError,
  AppError,
  SettingsError,
  StoppedError,
} from '../errors.ts'
import { connectSource, type SourceDependencies } from '../sources.ts'
import { type Instant, SECOND } from '../values/instant.ts'
import { causeAndCure, type Finding, failed, ok, skipped } from './finding.ts'

/** A greater difference means that a clock is wrong. */
const MOST_SKEW = 30 * SECOND
const CHECKS = ['api', 'key', 'region', 'scope', 'clock'] as const

export interface ApiDependencies extends Pick<SourceDependencies, 'log' | 'clock' | 'fetch' | 'random'> {
  readonly signal: AbortSignal
  readonly regions?: Readonly<Record<Region, string>>
}

/** Asks for one job of a source, and draws conclusions from the reply. */
export async function checkSource(
  settings: Settings,
  source: SourceSettings,
  dependencies: ApiDependencies,
): Promise<Finding[]> {
  const findings = await ask(settings, source, dependencies)
  return findings.map((finding) => ({ ...finding, source: source.name }))
}

async function ask(
  settings: Settings,
  source: SourceSettings,
  dependencies: ApiDependencies,
): Promise<Finding[]> {
  try {
    const now = await probe(settings, source, dependencies)
    return [
      ok('api', `${source.baseUrl} answers`),
      ok('key', `${source.apiKeyVariable} is accepted`),
      ok('region', `${source.region}, unless LLAMA_CLOUD_BASE_URL says otherwise`),
      ok('scope', 'the project, organization and configuration are accepted'),
      checkClock(now, dependencies.clock),
    ]
  } catch (error) {
    return explain(error, settings, source, dependencies)
  }
}

/** The API's time as its answer tells it. */
async function probe(
  settings: Settings,
  source: SourceSettings,
  { signal, ...dependencies }: ApiDependencies,
): Promise<Instant | undefined> {
  const impatient = { ...settings, api: { ...settings.api, retryForMs: 0 } }
  const { api, jobs } = connectSource(impatient, { ...source, pageSize: 1 }, dependencies)
  await jobs.readPage({ aside: true }, signal)
  return api.upstreamClock.now()
}

async function explain(
  error: unknown,
  settings: Settings,
  source: SourceSettings,
  dependencies: ApiDependencies,
): Promise<Finding[]> {
  if (!(error instanceof AppError) || error instanceof StoppedError) throw error
  const answers = ok('api', `${source.baseUrl} answers`)
  if (error instanceof SettingsError) {
    const wrong = failed('key', error.message, `Correct ${source.apiKeyVariable}.`)
    return [wrong, ...skipped(['api', 'region', 'scope', 'clock'], 'there is no usable key')]
  }
  if (error instanceof ApiRequestError) {
    const accepted = ok('key', `${source.apiKeyVariable} is accepted`)
    return [
      answers,
      accepted,
      ...skipped(['region'], ''),
      failed('scope', ...causeAndCure(error.message)),
      ...skipped(['clock'], ''),
    ]
  }
  if (error instanceof ApiRefusedError) {
    const home = await homeOf(settings, source, dependencies)
    return [answers, ...refused(error, source, home), ...skipped(['scope', 'clock'], 'the key is refused')]
  }
  const wait =
    'Check the network, the proxy and LLAMA_CLOUD_BASE_URL. If they are right, wait: the API may be down.'
  const [found, cure] =
    error instanceof ApiUnreachableError ? causeAndCure(error.message) : [error.message, wait]
  return [failed('api', found, cure), ...skipped(CHECKS.slice(1), 'the API does not answer')]
}

function refused(error: ApiRefusedError, source: SourceSettings, home: Region | undefined): Finding[] {
  if (home !== undefined) {
    const cure = `Set LLAMA_CLOUD_REGION=${home} (in a file of sources, "region": "${home}").`
    const found = `the key belongs to the region ${home}, but requests go to ${source.baseUrl}`
    return [
      ok('key', `${source.apiKeyVariable} is accepted in another region`),
      failed('region', found, cure),
    ]
  }
  const cure = `Create a new key in the project that you want to sync, and set ${source.apiKeyVariable} to it.`
  return [failed('key', error.message, cure), ...skipped(['region'], 'no region accepts the key')]
}

/** The region that accepts the key that this one refused. Only the vendor's own addresses are shown the key. */
async function homeOf(
  settings: Settings,
  source: SourceSettings,
  dependencies: ApiDependencies,
): Promise<Region | undefined> {
  const regions = Object.entries(dependencies.regions ?? REGION_BASE_URLS) as [Region, string][]
  if (!regions.some(([, baseUrl]) => baseUrl === source.baseUrl)) return undefined
  for (const [region, baseUrl] of regions) {
    if (baseUrl === source.baseUrl) continue
    const accepted = await probe(settings, { ...source, baseUrl }, dependencies).then(
      () => true,
      (error: unknown) => error instanceof ApiRequestError,
    )
    if (accepted) return region
  }
  return undefined
}

export function checkClock(api: Instant | undefined, clock: Clock): Finding {
  if (api === undefined) return ok('clock', 'the API does not send its time')
  const skew = Math.round(clock.now() * 1_000 - api)
  const seconds = Math.abs(skew / SECOND).toFixed(0)
  const found = `this machine is ${seconds} s ${skew < 0 ? 'behind' : 'ahead of'} the API`
  if (Math.abs(skew) <= MOST_SKEW) return ok('clock', found)
  return failed(
    'clock',
    found,
    'Set this machine’s clock, preferably with NTP. No job is lost, but the schedule and the times in the logs are off.',
  )
}
