import { useSignal } from '@preact/signals'
import { draft } from '../draft.ts'
import { draw, drawing } from '../drawing.ts'
import { formatMoney } from '../format.ts'
import { type PictureModel, pictureModels } from '../pictures.ts'
import { pictureTexts } from '../texts/pictures.ts'
import { Button } from '../ui/button.tsx'
import { Select, TextArea } from '../ui/field.tsx'

const longestPrompt = 4000
const counts = ['1', '2', '3', '4'] as const

/** What is to be drawn; what was being written to the model is a beginning. */
export function PictureForm() {
  const t = pictureTexts.value
  const prompt = useSignal(draft.value.trim().slice(0, longestPrompt))
  const model = useSignal(pictureModels.value[0]?.id ?? '')
  const size = useSignal('')
  const count = useSignal<(typeof counts)[number]>('1')
  const isBusy = drawing.value !== null

  const submit = (event: Event) => {
    event.preventDefault()
    if (isBusy || prompt.value.trim() === '') return
    void draw({
      prompt: prompt.value.trim(),
      model: model.value || null,
      size: size.value || null,
      n: Number(count.value),
    })
  }

  return (
    <form class="picture-form" onSubmit={submit}>
      <TextArea label={t.prompt} hint={t.promptHint} rows={3} maxLength={longestPrompt} text={prompt} />
      <div class="picture-choices">
        <Select
          label={t.model}
          value={model.value}
          options={pictureModels.value.map((one) => ({
            value: one.id,
            label: labelOf(one, pictureModels.value),
          }))}
          onChange={(id) => {
            model.value = id
          }}
        />
        <Select
          label={t.size}
          value={size.value}
          options={sizesOf()}
          onChange={(chosen) => {
            size.value = chosen
          }}
        />
        <Select
          label={t.count}
          value={count.value}
          options={counts.map((value) => ({ value, label: value }))}
          onChange={(chosen) => {
            count.value = chosen
          }}
        />
        <Button type="submit" look="primary" busy={isBusy} disabled={prompt.value.trim() === ''}>
          {t.draw}
        </Button>
      </div>
    </form>
  )
}

/** `gpt-image-1`; who runs it as well, where that is not always the same; and what a picture costs. */
function labelOf({ provider, name, prices }: PictureModel, all: readonly PictureModel[]): string {
  const isOne = all.every((model) => model.provider === provider)
  const shown = isOne ? name : `${name} (${provider})`
  if (prices === null || prices.picture === 0) return shown
  return pictureTexts.value.priced(shown, formatMoney(prices.picture / 1_000_000, prices.currency))
}

/** Each is drawn by most models; what one cannot it refuses. */
function sizesOf(): { value: string; label: string }[] {
  const { anySize, square, wide, tall } = pictureTexts.value
  const known: [shape: string, width: number, height: number][] = [
    [square, 1024, 1024],
    [wide, 1536, 1024],
    [wide, 1280, 720],
    [tall, 1024, 1536],
    [tall, 720, 1280],
  ]
  return [
    { value: '', label: anySize },
    ...known.map(([shape, width, height]) => ({
      value: `${width}x${height}`,
      label: `${shape}, ${width} × ${height}`,
    })),
  ]
}
