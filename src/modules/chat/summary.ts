/** What stands for the beginning of a branch. */
export interface Summary {
  /** The last message that it stands for. */
  throughMessageId: string
  text: string
  /** `provider/model` that wrote it. */
  model: string
  /** About so many tokens is the text. */
  tokens: number
  /** For so many messages it stands. */
  messageCount: number
  createdAt: Date
}
