import { SMTPServer } from 'smtp-server'

export interface ReceivedLetter {
  to: string[]
  subject: string
  text: string
}

export interface MailServer {
  port: number
  user: string
  password: string
  /** In the order of arrival. */
  letters: ReceivedLetter[]
  /** The first letter to this address that fits, now or later. */
  waitForLetter(to: string, fits?: (letter: ReceivedLetter) => boolean): Promise<ReceivedLetter>
  stop(): Promise<void>
}

/** A real SMTP server with a log-in and without TLS, on a port of its own. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const user = 'postman'
  const password = 'a mail password'
  const letters: ReceivedLetter[] = []
  const waiting = new Set<() => void>()
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(given, _session, done) {
      const isKnown = given.username === user && given.password === password
      done(isKnown ? null : new Error('Invalid credentials'), isKnown ? { user } : undefined)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        letters.push({ to, ...readMessage(Buffer.concat(chunks).toString('latin1')) })
        done()
        for (const look of waiting) look()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.server.address()

  return {
    port: typeof address === 'object' && address ? address.port : port,
    user,
    password,
    letters,
    waitForLetter(to, fits = () => true) {
      return new Promise((resolve) => {
        const look = () => {
          const letter = letters.find((one) => one.to.includes(to) && fits(one))
          if (!letter) return
          waiting.delete(look)
          resolve(letter)
        }
        waiting.add(look)
        look()
      })
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Of a message with one plain text part. */
function readMessage(message: string): { subject: string; text: string } {
  const end = message.indexOf('\r\n\r\n')
  const header = message.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(header)?.[1] ?? ''
  const body = decodeBody(message.slice(end + 4), field('content-transfer-encoding').toLowerCase())
  return { subject: decodeWords(field('subject')), text: body.replaceAll('\r\n', '\n').trimEnd() }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return decodeQuoted(body.replace(/=\r\n/g, ''))
  return Buffer.from(body, 'latin1').toString('utf8')
}

/** `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`; the space between two of them is not part of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/\?= +=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decodeQuoted(text.replaceAll('_', ' ')),
    )
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_code, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
