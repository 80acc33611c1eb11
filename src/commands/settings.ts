import { type GivenSetting, givenSettings, readDotEnv, readUtf8 } from '../config.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { table } from './table.ts'

/** Lists every setting and where its value comes from; `doctor` tells which are wrong. */
export async function runSettings(
  { print }: CommandContext,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const settings = givenSettings(process.env, readDotEnv(process.cwd()), readUtf8)
  if (json) print(JSON.stringify({ settings }, null, 2))
  else print(table(['setting', 'value', 'from'], settings.map(describe)))
  return 0
}

function describe({ name, isSet, value, from, unset }: GivenSetting): string[] {
  return [name, value ?? (isSet ? '(hidden)' : `(${unset})`), from ?? '']
}
