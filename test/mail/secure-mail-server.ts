import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createCertificate } from './certificate.ts'

export interface SecureMailServer extends AsyncDisposable {
  port: number
  /** What a client must trust to talk to it. */
  ca: string
  /** Whole messages as they came, with who they were for and whether the way was encrypted. */
  received: { to: string[]; from: string; message: string; secure: boolean }[]
}

export const postman = { user: 'postman', password: 'a mail password' }

/** A real mail server with log-in; STARTTLS unless the options say otherwise. */
export async function startSecureMailServer(options: SMTPServerOptions = {}): Promise<SecureMailServer> {
  const { key, cert } = createCertificate()
  const received: SecureMailServer['received'] = []
  const server = new SMTPServer({
    key,
    cert,
    onAuth({ username, password }, _session, done) {
      const isKnown = username === postman.user && password === postman.password
      done(isKnown ? null : new Error('wrong name or password'), isKnown ? { user: postman.user } : undefined)
    },
    onData(stream, { envelope, secure }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ from, to, message: Buffer.concat(chunks).toString('utf8'), secure })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    ca: cert,
    received,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  }
}
