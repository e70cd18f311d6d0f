import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { freePort, isListening } from '../support/ports.ts'
import { requireProgram } from '../support/programs.ts'
import { redisPassword } from '../support/redis.ts'
import { type Server, startServer } from '../support/server.ts'
import { hasPrograms } from '../support/services.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Run in a process of its own: authorities are read when a process starts. */
const script = `
import { openKv } from '${join(import.meta.dir, '../../src/kv/open-kv.ts')}'
import { createLog } from '${join(import.meta.dir, '../../src/lib/log.ts')}'
const [host, port, password] = process.argv.slice(-3)
const log = createLog('warn', (line) => process.stderr.write(line))
const kv = await openKv({ host, port: Number(port), username: null, password, db: 0, tls: true }, log)
await kv.increment('tls', 60)
process.stdout.write(kv.state() + ' ' + (await kv.increment('tls', 60)).count)
await kv.close()
process.exit()
`

describe.skipIf(!hasPrograms('redis-server', 'openssl'))('Redis over TLS', () => {
  const folder = tempFolder('redis-tls')
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  let port: number
  let server: Server

  beforeAll(async () => {
    const made = Bun.spawnSync([
      ...[requireProgram('openssl'), 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'],
      ...['-keyout', key, '-out', certificate, '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost'],
    ])
    expect(made.exitCode).toBe(0)
    port = await freePort()
    server = await startServer({
      name: 'Redis over TLS',
      command: [
        ...[requireProgram('redis-server'), '--port', '0', '--tls-port', String(port), '--save', ''],
        ...['--bind', '127.0.0.1', '-::1'],
        ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-auth-clients', 'no'],
        ...['--dir', folder, '--requirepass', redisPassword],
      ],
      cwd: folder,
      stopSignal: 'SIGTERM',
      isReady: () => isListening(port),
    })
  })
  afterAll(() => server.stop())

  async function open(host: string, authorities: string) {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: authorities }
    const command = [process.execPath, '-e', script, '--', host, String(port), redisPassword]
    const child = Bun.spawn(command, { env, stdout: 'pipe', stderr: 'pipe' })
    return { out: await new Response(child.stdout).text(), log: await new Response(child.stderr).text() }
  }

  test('up, when the certificate is from an authority that we know', async () => {
    expect(await open('localhost', certificate)).toEqual({ out: 'up 2', log: '' })
  })

  test('a certificate that anybody could have made is refused, and the log says why', async () => {
    const { out, log } = await open('localhost', '')
    expect(out).toBe('down 2')
    expect(log).toMatch(/certificate/)
    expect(log).not.toContain(redisPassword)
  })

  test('so is one for another name', async () => {
    expect((await open('127.0.0.1', certificate)).out).toBe('down 2')
  })
})
