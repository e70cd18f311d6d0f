import { type Redis, ReplyError } from 'ioredis'
import type { RedisConfig } from '../config.ts'
import { createId } from '../lib/ids.ts'
import { type ChannelListener, createChannels } from './channels.ts'
import { createRedisClient } from './redis-client.ts'

/** A connection that only listens says nothing when it is cut off silently: it is asked now and then. */
const askEveryMs = 5000

/** Messages of so long go out as one command: one for each would cost more than all else about it. */
const gatherMs = 5
const mostAtOnce = 1000

/** Answers what Redis has refused last. */
const publishAll = `
local refusal
for i = 1, #ARGV, 2 do
  local sent = redis.pcall('PUBLISH', ARGV[i], ARGV[i + 1])
  if type(sent) == 'table' and sent.err then refusal = sent end
end
return refusal`

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
  /** Channel, text, channel, text … */
  let unsent: string[] = []

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

  function sendAll(): void {
    const words = unsent
    unsent = []
    for (let at = 0; at < words.length; at += 2 * mostAtOnce) {
      client.eval(publishAll, 0, ...words.slice(at, at + 2 * mostAtOnce)).catch(explain)
    }
  }

  return {
    publish(channel: string, message: string): void {
      if (unsent.length === 0) setTimeout(sendAll, gatherMs)
      unsent.push(prefix + channel, `${sender} ${message}`)
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
