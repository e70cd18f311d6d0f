import { connect } from 'node:net'

/** Sends these very bytes, as no well-behaved client would, and gives the status of the answer. */
export function rawStatus(port: number, head: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('no answer')))
    socket.once('data', (chunk) => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(String(chunk))?.[1]))
      socket.destroy()
    })
  })
}
