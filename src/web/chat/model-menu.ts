import { formatMoney, formatNumber } from '../format.ts'
import { type Model, models } from '../models.ts'
import { chatTexts } from '../texts/chat.ts'
import type { MenuItem } from '../ui/menu.tsx'

/** The models that somebody may choose from, with what is to be known of each. */
export function modelItems(currentId: string | null, choose: (id: string) => void): MenuItem[] {
  return models.value
    .filter(({ available }) => available)
    .map((model) => ({
      label: model.name,
      hint: hintOf(model),
      ...(currentId === null ? {} : { checked: model.id === currentId }),
      onChoose: () => choose(model.id),
    }))
}

function hintOf({ context_window, capabilities, prices, provider }: Model): string {
  const t = chatTexts.value
  const able = (['vision', 'reasoning', 'tools'] as const).filter((name) => capabilities[name])
  const size = t.context(`${formatNumber(Math.round(context_window / 1000))}K`)
  const first = [provider, size, ...able.map((name) => t[name])].join(' · ')
  if (prices === null) return first
  const price = (micros: number) => formatMoney(micros / 1_000_000, prices.currency)
  return `${first}\n${t.prices(price(prices.input), price(prices.output))}`
}
