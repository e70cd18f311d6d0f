import { bad, good, type Kind } from './kinds.ts'

export interface ImageModel {
  provider: string
  model: string
}

/** The earliest of the systems before this one knew qwen's models alone. */
export const imageModel: Kind<ImageModel> = {
  label: 'provider/model',
  parse(value) {
    const [, provider = 'qwen', model = ''] = /^(?:([^/\s]+)\/)?(\S{1,200})$/.exec(value) ?? []
    return model === '' ? bad('provider/model such as openai/gpt-image-1') : good({ provider, model })
  },
}

/** DashScope writes a star. */
export const imageSize: Kind<string> = {
  label: 'WIDTHxHEIGHT',
  parse(value) {
    const size = value.replace(/[*×]/, 'x').toLowerCase()
    return /^[1-9]\d{1,3}x[1-9]\d{1,3}$/.test(size) ? good(size) : bad('a size such as 1024x1024')
  },
}
