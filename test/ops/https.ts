import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface HttpsRequest {
  method?: string
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: object
  /** The client's own address: any of 127.0.0.0/8. */
  from?: string
}

export interface HttpsClient {
  /** Resolves with the answer's head; its body is still to come. */
  open(path: string, request?: HttpsRequest): Promise<{ head: IncomingMessage; body: Readable }>
  ask(path: string, request?: HttpsRequest): Promise<{ head: IncomingMessage; text: string }>
}

/** A browser that knows `host` to be at this port of 127.0.0.1, and trusts this certificate alone. */
export function httpsClient(port: number, host: string, ca: string): HttpsClient {
  const client: HttpsClient = {
    open: (path, { method, headers = {}, body, from = '127.0.0.1' } = {}) =>
      new Promise((resolve, reject) => {
        const content = body === undefined ? undefined : JSON.stringify(body)
        const sent = request({
          host: '127.0.0.1',
          port,
          path,
          method: method ?? (content === undefined ? 'GET' : 'POST'),
          localAddress: from,
          // Whom the certificate is for; nginx serves its only site whoever is named here.
          servername: 'localhost',
          ca,
          agent: false,
          headers: {
            host,
            ...(content === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
        })
        sent.once('error', reject)
        sent.once('response', (head) => {
          const isZipped = head.headers['content-encoding'] === 'gzip'
          resolve({ head, body: isZipped ? head.pipe(createGunzip()) : head })
        })
        sent.end(content)
      }),
    async ask(path, options) {
      const { head, body } = await client.open(path, options)
      let text = ''
      for await (const bytes of body.setEncoding('utf8')) text += bytes
      return { head, text }
    },
  }
  return client
}
