export type ChannelListener = (message: string) => void

/** Who in this process listens to which channel. */
export interface Channels {
  /** Calls whoever listens, soon but not within this call: nobody is called in the middle of something else. */
  deliver(channel: string, message: string): void
  /** Calls `listener` for each message until the returned function is called. */
  listen(channel: string, listener: ChannelListener): () => void
  has(channel: string): boolean
  names(): string[]
}

export function createChannels(): Channels {
  /** The boxes let one function listen twice. */
  const channels = new Map<string, Set<{ listener: ChannelListener }>>()

  return {
    deliver(channel, message) {
      const boxes = channels.get(channel)
      if (boxes === undefined) return
      for (const box of boxes) {
        queueMicrotask(() => {
          if (boxes.has(box)) box.listener(message)
        })
      }
    },

    listen(channel, listener) {
      const box = { listener }
      const boxes = channels.get(channel) ?? new Set()
      channels.set(channel, boxes.add(box))
      return () => {
        boxes.delete(box)
        if (boxes.size === 0 && channels.get(channel) === boxes) channels.delete(channel)
      }
    },

    has: (channel) => channels.has(channel),
    names: () => [...channels.keys()],
  }
}
