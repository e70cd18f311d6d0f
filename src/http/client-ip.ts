import type { Config } from '../config.ts'
import { addressMatcher, canonicalAddress } from '../lib/addresses.ts'
import type { Client } from '../lib/client.ts'
import { preferredLocale } from './preferred-locale.ts'

/** The part of Bun's server that is asked. */
export interface PeerSource {
  port?: number | undefined
  requestIP(request: Request): { address: string } | null
}

interface Asked {
  request: Request
  /** null: the request was handed to the app in this process. */
  server: PeerSource | null
}

type ProxyConfig = Pick<Config, 'trustedProxies'>

interface Addresses {
  /** The other end of the connection, which may be a proxy of ours. */
  peer: string
  client: string
}

const loopback = '127.0.0.1'
/** Whoever left before anybody asked. Never a proxy of ours, so what his headers say is not believed. */
const nowhere = '0.0.0.0'
const maxUserAgentLength = 255

const isLoopback = addressMatcher(['127.0.0.0/8', '::1'])
const proxyHeaders = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'forwarded',
  'via',
]

const found = new WeakMap<Request, Addresses>()
const matchers = new WeakMap<string[], (ip: string) => boolean>()

/** Who asks. Ask early: the address of a connection is gone once the connection is, except where it was asked for before. */
export function clientOf(asked: Asked, config: ProxyConfig): Client {
  const { headers } = asked.request
  return {
    ip: addressOf(asked, config),
    userAgent: headers.get('user-agent')?.slice(0, maxUserAgentLength) || null,
    locale: preferredLocale(headers.get('accept-language')),
  }
}

/** Without any proxy in between, as far as anybody can tell. */
export function isFromThisMachine(asked: Asked): boolean {
  const { headers } = asked.request
  return isLoopback(askPeer(asked)) && !proxyHeaders.some((name) => headers.has(name))
}

/** The address alone. */
export function addressOf(asked: Asked, config: ProxyConfig): string {
  return addressesOf(asked, config).client
}

/** Whether the headers that proxies add (X-Forwarded-…) are a proxy's of ours and not the client's own invention. */
export function isFromTrustedProxy(asked: Asked, config: ProxyConfig): boolean {
  return isOurs(config)(addressesOf(asked, config).peer)
}

function addressesOf(asked: Asked, config: ProxyConfig): Addresses {
  const known = found.get(asked.request)
  if (known !== undefined) return known
  const peer = askPeer(asked)
  const addresses = { peer, client: clientBehind(peer, asked.request, config) }
  found.set(asked.request, addresses)
  return addresses
}

/** The peer, or behind our proxies the last address that is not ours: all before it a client may have made up. */
function clientBehind(peer: string, { headers }: Request, config: ProxyConfig): string {
  const forwarded = headers.get('x-forwarded-for')
  const isProxy = isOurs(config)
  if (forwarded === null || !isProxy(peer)) return peer
  let nearest = peer
  for (const element of forwarded.split(',').reverse()) {
    const ip = canonicalAddress(withoutPort(element.trim()))
    if (ip === null) return peer
    nearest = ip
    if (!isProxy(ip)) break
  }
  return nearest
}

function askPeer({ request, server }: Asked): string {
  // A unix socket has no port: whoever may open it is on this machine.
  if (server === null || server.port === undefined) return loopback
  return canonicalAddress(server.requestIP(request)?.address ?? '') ?? nowhere
}

function isOurs({ trustedProxies }: ProxyConfig): (ip: string) => boolean {
  const known = matchers.get(trustedProxies)
  if (known) return known
  const matcher = addressMatcher(trustedProxies)
  matchers.set(trustedProxies, matcher)
  return matcher
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(element: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(element)?.[1] ?? /^([^:]+):\d+$/.exec(element)?.[1] ?? element
}
