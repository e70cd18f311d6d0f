import { connect, createServer, type Socket } from 'node:net'

/** Passes connections on, and cuts one as soon as the service has said a certain word. */
export interface CuttingProxy {
  port: number
  /** The next connection that this word comes over is cut right behind it, once. */
  cutAfter(word: string): void
  /** The same, in place of passing the word on. */
  cutBefore(word: string): void
  /** How many were. */
  cuts(): number
  stop(): void
}

export async function startCuttingProxy(backendPort: number): Promise<CuttingProxy> {
  const words: { word: string; isLost: boolean }[] = []
  const sockets = new Set<Socket>()
  let cuts = 0

  const server = createServer((client) => {
    const backend = connect(backendPort, '127.0.0.1')
    const both = [client, backend]
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    client.on('data', (data) => backend.write(data))
    backend.on('data', (data: Buffer) => {
      const cut = words.find(({ word }) => data.includes(word))
      if (cut === undefined) return client.write(data)
      words.splice(words.indexOf(cut), 1)
      cuts++
      if (cut.isLost) return client.destroy()
      // What has been passed on is to arrive.
      client.write(data, () => setTimeout(() => client.destroy(), 20))
      return backend.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    cutAfter: (word) => void words.push({ word, isLost: false }),
    cutBefore: (word) => void words.push({ word, isLost: true }),
    cuts: () => cuts,
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
