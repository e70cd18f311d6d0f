import { type Redis, ReplyError } from 'ioredis'
import type { RedisConfig } from '../config.ts'
import { createId } from '../lib/ids.ts'
import { type ChannelListener, createChannels } from './channels.ts'
import { createRedisClient } from './redis-client.ts'

/** A connection that only listens says nothing when it is cut off silently: it is asked now and then. */
const askEveryMs = 5000

/**
 * Messages between processes: publishes on the store's connection and listens on one of its own, for all channels,
 * opened when it is first needed. After each loss it connects again and takes up every channel that is still
 * listened to; what was published meanwhile is lost. What this process published itself is not heard here.
 */
export function createRedisChannels(config: RedisConfig, client: Redis, onRefusal: (error: unknown) => void) {
  const channels = createChannels()
  // Channels are common to all databases of a Redis: what lives in another one must not be heard.
  const prefix = `cloudchat:${config.db}:`
  const sender = createId()
  let subscriber: Redis | null = null
  let timer: Timer | undefined

  function open(): Redis {
    // Nothing may fail for taking long, and nothing is sent twice: what is to be listened to is said at each start.
    const opened = createRedisClient(config, {
      commandTimeout: undefined,
      maxRetriesPerRequest: null,
      enableAutoPipelining: false,
      autoResubscribe: false,
    })
    opened.on('ready', () => tell('subscribe', channels.names()))
    opened.on('message', hear)
    // The store's own connection tells what is wrong; without a listener every attempt would be printed.
    opened.on('error', () => {})
    timer = setInterval(() => {
      if (opened.status === 'ready') opened.ping().catch(() => {})
    }, askEveryMs)
    timer.unref()
    return opened
  }

  function tell(command: 'subscribe' | 'unsubscribe', names: string[]): void {
    if (subscriber?.status !== 'ready' || names.length === 0) return
    subscriber[command](...names.map((name) => prefix + name)).catch(explain)
  }

  /** A lost connection comes back by itself; a refusal does not. */
  function explain(error: unknown): void {
    if (error instanceof ReplyError) onRefusal(error)
  }

  function hear(channel: string, text: string): void {
    const space = text.indexOf(' ')
    if (text.slice(0, space) !== sender) channels.deliver(channel.slice(prefix.length), text.slice(space + 1))
  }

  return {
    publish(channel: string, message: string): void {
      client.publish(prefix + channel, `${sender} ${message}`).catch(explain)
    },

    subscribe(channel: string, listener: ChannelListener): () => void {
      subscriber ??= open()
      if (!channels.has(channel)) tell('subscribe', [channel])
      const stop = channels.listen(channel, listener)
      return () => {
        if (!channels.has(channel)) return
        stop()
        if (!channels.has(channel)) tell('unsubscribe', [channel])
      }
    },

    close(): void {
      clearInterval(timer)
      subscriber?.disconnect()
    },
  }
}
