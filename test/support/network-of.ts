import type { House } from './page-house.ts'

/** What the browser is told about its network: as if the cable were pulled, or it were far away. */
export async function networkOf({ context, page }: House) {
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  const set = (changes: { offline?: boolean; latency?: number; throughput?: number }) =>
    session.send('Network.emulateNetworkConditions', {
      offline: changes.offline ?? false,
      latency: changes.latency ?? 0,
      downloadThroughput: changes.throughput ?? -1,
      uploadThroughput: changes.throughput ?? -1,
    })
  return {
    cut: () => set({ offline: true }),
    /** Milliseconds there and back, and bytes in a second. */
    slow: () => set({ latency: 400, throughput: 50_000 }),
    restore: () => set({}),
  }
}
