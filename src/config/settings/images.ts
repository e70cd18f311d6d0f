import { imageModel, imageSize } from '../image-kinds.ts'
import { listOf } from '../kinds.ts'
import { setting } from '../setting.ts'

export const images = {
  IMAGE_MODELS: setting({
    kind: listOf(imageModel),
    aliases: ['IMAGE_MODEL', 'SD_MODEL'],
    shownDefault: 'the usual one of qwen and of openai, where there is a key',
    meaning:
      'Models that draw, the first where nobody chooses: provider/model. Without a provider it is a model of qwen.',
  }),
  IMAGE_SIZE: setting({
    kind: imageSize,
    shownDefault: 'as the model likes',
    meaning: 'Width and height of a picture where nobody chooses: 1024x1024.',
  }),
}
