export type Region = 'na' | 'eu'

/** A key is minted in one region and works only there. */
export const REGION_BASE_URLS: Readonly<Record<Region, string>> = {
  na: 'https://api.cloud.llamaindex.ai',
  eu: 'https://api.cloud.eu.llamaindex.ai',
}
