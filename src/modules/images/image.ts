import type { ImageType } from '../../lib/type-of-image.ts'

/** A picture that somebody has had drawn. */
export interface Image {
  id: string
  prompt: string
  /** `provider/model`. */
  model: string
  /** As it was asked for, `1024x1024`; empty: as the model likes. */
  size: string
  contentType: ImageType
  byteSize: number
  createdAt: Date
}

export const blobKeyOf = (id: string) => `images/${id}`
