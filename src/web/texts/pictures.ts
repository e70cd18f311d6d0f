import type { Refusal } from '../api.ts'
import { inBothLanguages } from '../language.ts'
import { texts } from '../texts.ts'

/** Pictures that a model draws. */
export const pictureTexts = inBothLanguages(
  {
    title: 'Pictures',
    prompt: 'What is to be seen',
    promptHint: 'Things, surroundings, light, style; the more exactly, the better.',
    model: 'Model',
    priced: (model: string, price: string) => `${model}: ${price} each`,
    size: 'Size',
    anySize: 'As the model likes',
    square: 'Square',
    wide: 'Wide',
    tall: 'Tall',
    count: 'How many',
    draw: 'Draw',
    stop: 'Stop',
    stages: {
      asked: 'Asking the model…',
      queued: 'Waiting for the model to be free…',
      running: 'Being drawn. It may take a minute.',
    },
    ready: 'Your pictures are ready.',
    own: 'Your pictures',
    none: 'Your pictures will be listed here.',
    download: (prompt: string) => `Download: ${prompt}`,
    delete: (prompt: string) => `Delete: ${prompt}`,
    deleteTitle: 'Delete this picture?',
    deleteText: 'It is gone for good.',
    faults: {
      invalid_request: 'The model does not take this description, size or number.',
      not_found: 'There is no model that draws any more.',
      provider_rejected: 'The model has refused to draw this. Try other words or another size.',
      provider_unavailable: 'The model has drawn nothing. Please try again.',
      provider_timeout: 'The model took too long. Please try again.',
      rate_limited: 'Too many pictures in a short time. Please wait a while.',
    },
  },
  {
    title: '图片',
    prompt: '画面描述',
    promptHint: '主体、环境、光线、风格，越具体越好。',
    model: '模型',
    priced: (model: string, price: string) => `${model}：每张 ${price}`,
    size: '尺寸',
    anySize: '由模型决定',
    square: '方形',
    wide: '横向',
    tall: '纵向',
    count: '张数',
    draw: '生成',
    stop: '停止',
    stages: {
      asked: '正在请求模型…',
      queued: '正在排队等待模型…',
      running: '正在绘制，可能需要一分钟。',
    },
    ready: '图片已生成。',
    own: '我的图片',
    none: '你的图片会列在这里。',
    download: (prompt: string) => `下载：${prompt}`,
    delete: (prompt: string) => `删除：${prompt}`,
    deleteTitle: '删除这张图片？',
    deleteText: '删除后无法恢复。',
    faults: {
      invalid_request: '模型不支持这样的描述、尺寸或张数。',
      not_found: '当前没有可用的绘图模型。',
      provider_rejected: '模型拒绝绘制。请换一种描述或尺寸。',
      provider_unavailable: '模型没有画出图片，请重试。',
      provider_timeout: '模型用时过长，请重试。',
      rate_limited: '短时间内生成的图片过多，请稍后再试。',
    },
  },
)

export function faultOfDrawing({ code, text }: Refusal): string {
  const faults: Record<string, string> = pictureTexts.value.faults
  return faults[code] ?? texts.value[text]
}
