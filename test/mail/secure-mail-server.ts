import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { type Certificate, createCertificate } from './certificate.ts'

export interface SecureMailServer extends AsyncDisposable {
  port: number
  /** Its `cert` is what a client must trust to talk to it. */
  certificate: Certificate
  /** Whole messages as they came, with who they were for and whether the way was encrypted. */
  received: { to: string[]; from: string; message: string; secure: boolean }[]
}

export const postman = { user: 'postman', password: 'a mail password' }

/** A real mail server with log-in; STARTTLS unless the options say otherwise. */
export async function startSecureMailServer(
  options: SMTPServerOptions & { port?: number; certificate?: Certificate } = {},
): Promise<SecureMailServer> {
  const certificate = options.certificate ?? createCertificate()
  const received: SecureMailServer['received'] = []
  const server = new SMTPServer({
    ...certificate,
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
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    certificate,
    received,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  }
}
