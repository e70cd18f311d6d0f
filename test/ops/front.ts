import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCertificate } from '../mail/certificate.ts'
import { postman, type SecureMailServer, startSecureMailServer } from '../mail/secure-mail-server.ts'
import { type Binary, runBinary, startBinary } from '../support/binary.ts'
import { type GatedUpstream, startGatedUpstream } from '../support/gated-upstream.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/ports.ts'
import { type HttpsClient, httpsClient } from './https.ts'
import type { Production } from './production.ts'
import { assignmentsOf } from './settings-file.ts'

/** The name in the files of `ops/`. */
export const host = 'chat.example.com'

/** The service in production and nginx before it, with a mail server and a model's provider to talk to. */
export interface Front {
  /** What `migrate` said before the first start. */
  migrated: string
  service: Binary
  mail: SecureMailServer
  upstream: GatedUpstream
  /** Comes through nginx over https. */
  browser: HttpsClient
  /** Of nginx, for http. */
  httpPort: number
  stop(): Promise<void>
}

export async function startFront(production: Production): Promise<Front> {
  const mail = await startSecureMailServer()
  const upstream = startGatedUpstream()
  const env = settingsOfTheService(production, mail, upstream)
  const migrated = runBinary(['migrate'], { env })
  const service = await startBinary({ env })
  const certificate = createCertificate()
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  const nginx = await startNginx(httpsPort, (folder) => {
    mkdirSync(join(folder, 'www/.well-known/acme-challenge'), { recursive: true })
    writeFileSync(join(folder, 'www/.well-known/acme-challenge/token'), 'the proof')
    writeFileSync(join(folder, 'fullchain.pem'), certificate.cert)
    writeFileSync(join(folder, 'privkey.pem'), certificate.key)
    return site(folder, { https: httpsPort, http: httpPort, service: service.port })
  })
  return {
    migrated: migrated.stdout + migrated.stderr,
    service,
    mail,
    upstream,
    browser: httpsClient(httpsPort, host, certificate.cert),
    httpPort,
    async stop() {
      await upstream.stop()
      await nginx.stop()
      await service.stop()
      await mail[Symbol.asyncDispose]()
    },
  }
}

/** The example, filled in as the runbook says; what is this machine's put in its place. */
function settingsOfTheService(
  { folder, databaseUrl, redisPassword, ports }: Production,
  mail: SecureMailServer,
  upstream: GatedUpstream,
): Record<string, string> {
  const authorities = join(folder, 'mail.pem')
  writeFileSync(authorities, mail.certificate.cert)
  return {
    ...Object.fromEntries(assignmentsOf('ops/cloudchat.env.example')),
    SECRET_KEY: '5d1f0c2a9b7e4c6388aa1402f3d95be7',
    DATABASE_URL: databaseUrl,
    REDIS_PASSWORD: redisPassword,
    REDIS_PORT: String(ports.redis),
    SMTP_HOST: 'localhost',
    SMTP_PORT: String(mail.port),
    SMTP_USER: postman.user,
    SMTP_PASS: postman.password,
    NODE_EXTRA_CA_CERTS: authorities,
    DEEPSEEK_API_KEY: 'sk-only-for-tests',
    DEEPSEEK_BASE_URL: upstream.url,
    // So that a client on 127.0.0.7 is not a proxy.
    TRUSTED_PROXIES: '127.0.0.1',
  }
}

/** What goes into `http { … }`: the site of `ops/`, in an nginx that compresses whatever it may. */
function site(folder: string, ports: { https: number; http: number; service: number }): string {
  const own = readFileSync('ops/nginx/cloudchat.conf', 'utf8')
    .replace(/^ *listen \[::\].*$/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ', `listen 127.0.0.1:${ports.https} `)
    .replace('127.0.0.1:5000', `127.0.0.1:${ports.service}`)
    .replaceAll(`/etc/letsencrypt/live/${host}/`, `${folder}/`)
    .replaceAll('/var/www/html', `${folder}/www`)
    .replaceAll('/etc/nginx/', `${join(import.meta.dir, '../../ops/nginx')}/`)
  return `gzip on; gzip_proxied any; gzip_types application/json application/x-ndjson;\n${own}`
}
