import { models } from './models.ts'

/** What money is counted in here: as the prices of the models say. */
export function currencyOf(): string {
  return models.value.find(({ prices }) => prices !== null)?.prices?.currency ?? 'USD'
}
