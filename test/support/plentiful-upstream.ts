import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A provider that says as much as is taken of it. */
export interface PlentifulUpstream {
  /** With `/v1`. */
  url: string
  /** The answers without an end, in the order of their questions. */
  endless: EndlessAnswer[]
  stop(): void
}

export interface EndlessAnswer {
  /** What has left so far, with what fills the buffers of the system. */
  bytes: number
  /** Settles when the service has gone away. */
  left: Promise<void>
}

const word = { choices: [{ index: 0, delta: { content: 'x'.repeat(65_000) }, finish_reason: null }] }
const piece = `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...word })}\n\n`

/** Asked for `max_tokens` it answers with so many pieces of 65 kB, and else for ever. */
export async function startPlentifulUpstream(): Promise<PlentifulUpstream> {
  const endless: EndlessAnswer[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { max_tokens } = JSON.parse(Buffer.concat(chunks).toString()) as { max_tokens?: number }
    const answer = { bytes: 0, left: once(response, 'close').then(() => {}) }
    if (max_tokens === undefined) endless.push(answer)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    await pour(response, answer, max_tokens ?? Number.POSITIVE_INFINITY)
    response.end('data: [DONE]\n\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    endless,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function pour(response: ServerResponse, answer: EndlessAnswer, pieces: number): Promise<void> {
  for (let count = 0; count < pieces && !response.destroyed; count++) {
    answer.bytes += piece.length
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), answer.left])
  }
}
