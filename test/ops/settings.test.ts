import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { parsePrometheus } from '../metrics/prometheus-text.ts'
import { hasPrograms } from '../support/services.ts'
import { type Front, host, startFront } from './front.ts'
import { type Production, startProduction } from './production.ts'
import { commandsOf } from './runbook.ts'
import { assignmentsOf, settingLines } from './settings-file.ts'

setDefaultTimeout(60_000)

const person = { email: 'ren.da@example.com', password: 'correct horse 1' }
const logIn = { identifier: person.email, password: person.password }
const isPossible = hasPrograms('postgres', 'pgbouncer', 'redis-server', 'nginx', 'openssl')

describe.skipIf(!isPossible)('a server set up by the runbook', () => {
  let production: Production
  let front: Front

  beforeAll(async () => {
    production = await startProduction()
    front = await startFront(production)
  })

  afterAll(async () => {
    await front?.stop()
    await production?.stop()
  })

  test('PostgreSQL takes every line of its file', async () => {
    const query = `select format('%s=%s', name, setting) from pg_file_settings
      where sourcefile like '%/conf.d/cloudchat.conf' and applied and error is null order by seqno`
    const taken = await production.run(`runuser -u postgres -- psql -Atc "${query}"`)
    const written = assignmentsOf('ops/postgres/cloudchat.conf').map((pair) => pair.join('='))
    expect(taken.trim().split('\n')).toEqual(written)
  })

  test('PgBouncer takes every line of its file, and says so on its console', async () => {
    const console = `env -u PGUSER psql -p ${production.ports.pgbouncer} -U pgbouncer pgbouncer`
    const shown = await production.run(
      `runuser -u postgres -- ${console} -AtF= -c 'show config' | cut -d= -f1,2`,
    )
    const own = ['cloudchat', 'listen_port', 'auth_file', 'logfile', 'pidfile', 'unix_socket_dir']
    for (const [name, value] of assignmentsOf('ops/pgbouncer/pgbouncer.ini')) {
      if (!own.includes(name)) expect(shown).toContain(`${name}=${value}\n`)
    }
  })

  test('Redis takes every line of its file', async () => {
    const { redisPassword, ports } = production
    const client = new Bun.RedisClient(`redis://:${redisPassword}@127.0.0.1:${ports.redis}`)
    for (const line of settingLines('ops/redis/cloudchat.conf')) {
      const [name = '', value = ''] = line.replace('160mb', `${160 * 1024 * 1024}`).split(' ')
      const taken = (await client.send('CONFIG', ['GET', name])) as Record<string, string>
      expect(taken).toEqual({ [name]: value.replace('""', '') })
    }
    client.close()
  })

  test('nobody gets in without the passwords', async () => {
    const wrong = postgres(production.databaseUrl.replace(/:[^:@]+@/, ':wrong@'), { max: 1, prepare: false })
    expect(await wrong`select 1`.catch((error: Error) => error.message)).toMatch(/authentication failed/)
    await wrong.end()
    const redis = new Bun.RedisClient(`redis://127.0.0.1:${production.ports.redis}`)
    expect(await redis.send('PING', []).catch((error: Error) => error.message)).toContain('NOAUTH')
    redis.close()
  })

  test('the service migrates and is healthy, with no warning but for what only this test does', async () => {
    expect(front.migrated).toMatch(/^the PostgreSQL database: \d+ migrations? run\n$/)
    const { text } = await front.browser.ask('/health')
    const services = { database: 'up', redis: 'up' }
    expect(JSON.parse(text)).toMatchObject({ status: 'healthy', services })
    const warnings = front.service.output().match(/^.*"level":"(?!info)\w+".*$/gm) ?? []
    expect(warnings.filter((line) => !line.includes('DEEPSEEK_BASE_URL'))).toEqual([])
  })

  test('the page is at the root and under the prefix, over https alone', async () => {
    const kindOf = async (path: string) => {
      const { head, text } = await front.browser.ask(path)
      return { text, kind: `${head.statusCode} ${head.headers['content-type']?.split(';')[0]}` }
    }
    for (const path of ['/', '/cloudchat/']) {
      const page = await kindOf(path)
      expect(page.kind).toBe('200 text/html')
      const script = /<script[^>]+src="([^"]+)"/.exec(page.text)?.[1] ?? ''
      expect((await kindOf(new URL(script, `https://${host}${path}`).pathname)).kind).toMatch(
        /^200 \w+\/javascript$/,
      )
    }
    const bare = await front.browser.ask('/cloudchat')
    expect(new URL(bare.head.headers.location ?? '').pathname).toBe('/cloudchat/')
    const plain = await overHttp('/x?y=1')
    expect([plain.status, plain.headers.get('location')]).toEqual([301, `https://${host}/x?y=1`])
  })

  test('what certbot lays out is found over http', async () => {
    expect(await (await overHttp('/.well-known/acme-challenge/token')).text()).toBe('the proof')
  })

  test('Prometheus finds the figures where its file says, and nginx keeps them to this machine', async () => {
    const file = Bun.YAML.parse(readFileSync('ops/prometheus/prometheus.yml', 'utf8')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[]
    }
    const [target = ''] = file.scrape_configs[0]?.static_configs[0]?.targets ?? []
    expect(target).toBe('127.0.0.1:5000')
    const answer = await fetch(`http://${target.replace('5000', String(front.service.port))}/metrics`)
    expect(parsePrometheus(await answer.text()).samples.get('cloudchat_kv_state{state="up"}')).toBe(1)
    for (const path of [
      '/metrics',
      '/metrics/',
      '/%6detrics',
      '//metrics',
      '/cloudchat/metrics',
      '/x/../metrics',
    ]) {
      const { head, text } = await front.browser.ask(path)
      expect([path, head.statusCode]).toEqual([path, 404])
      expect(text).not.toContain('cloudchat_')
    }
  })

  test('cookies are for https, and the log knows who came, whatever he made up', async () => {
    expect((await front.browser.ask('/auth/register', { body: person })).head.statusCode).toBe(201)
    const headers = { 'x-forwarded-for': '9.9.9.9' }
    const { head } = await front.browser.ask('/cloudchat/auth/login', {
      body: logIn,
      headers,
      from: '127.0.0.7',
    })
    expect(head.headers['set-cookie']).toEqual([expect.stringMatching(/^cc_auth=.*; HttpOnly; Secure;/)])
    const id = `"request_id":"${head.headers['x-request-id']}"`
    while (!front.service.output().includes(id)) await Bun.sleep(20)
    const lines = front.service.output().split('\n')
    const line = JSON.parse(lines.find((one) => one.includes(id)) ?? '')
    expect(line).toMatchObject({ ip: '127.0.0.7', path: '/auth/login', status: 200 })
  })

  test.each(['/deepseek_chat', '/cloudchat/deepseek_chat'])(
    'a zipped answer of %s comes word by word',
    async (path) => {
      const headers = { 'accept-encoding': 'gzip' }
      const coming = front.upstream.answer(front.upstream.answers.length + 1)
      const asked = front.browser.open(path, { body: { message: 'count' }, headers })
      const answer = await coming
      answer.say('one')
      const { head, body } = await asked
      expect(head.headers['content-encoding']).toBe('gzip')
      const lines = body.setEncoding('utf8')[Symbol.asyncIterator]()
      expect(JSON.parse((await lines.next()).value)).toEqual({ text: 'one' })
      for (const word of [' two', ' 三']) {
        // Said only when the one before is here: a proxy that keeps it makes us wait for ever.
        answer.say(word)
        expect(JSON.parse((await lines.next()).value)).toEqual({ text: word })
      }
      answer.end()
      expect((await lines.next()).done).toBe(true)
    },
  )

  test('a large file of conversations is handed on while it comes', async () => {
    const { text } = await front.browser.ask('/api/v1/auth/login', { body: logIn })
    const headers = {
      authorization: `Bearer ${JSON.parse(text).access_token}`,
      accept: 'application/x-ndjson',
    }
    const conversations = Array.from({ length: 12 }, (_, at) => ({
      id: `${at}`,
      title: `Talk ${at}`,
      messages: [{ id: 'a', parent_id: null, role: 'user', content: '中文 and so on '.repeat(50_000) }],
    }))
    const body = { format: 'cloudchat', version: 1, conversations }
    const { head, text: lines } = await front.browser.ask('/cloudchat/api/v1/import', { body, headers })
    expect(head.statusCode).toBe(200)
    expect(JSON.parse(lines.trim().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'report',
      data: { conversations: { imported: 12 } },
    })
    expect((await front.browser.ask('/api/v1/conversations', { body, headers })).head.statusCode).toBe(413)
    const { head: file, text: exported } = await front.browser.ask('/api/v1/export', { headers })
    expect([file.headers['content-length'], JSON.parse(exported).conversations.length]).toEqual([
      undefined,
      12,
    ])
  })

  test('a forgotten password: the letter arrives, its link opens, the new password works', async () => {
    await front.browser.ask('/auth/password/forgot', { body: { identifier: person.email } })
    const findLetter = () =>
      front.mail.received.find(({ message }) => plainText(message).includes('reset_password'))
    while (!findLetter()) await Bun.sleep(20)
    expect(findLetter()?.secure).toBe(true)
    const text = plainText(findLetter()?.message ?? '')
    const link = new URL(/https:\/\/chat\.example\.com\/\S+/.exec(text)?.[0] ?? '')
    expect((await front.browser.ask(link.pathname + link.search)).head.statusCode).toBe(200)
    const body = { token: link.searchParams.get('token'), password: 'a battery staple 2' }
    expect((await front.browser.ask('/auth/password/reset', { body })).head.statusCode).toBe(200)
    const again = { ...logIn, password: body.password }
    expect((await front.browser.ask('/auth/login', { body: again })).head.statusCode).toBe(200)
  })

  test('the backup is whole, and nobody else may read it', async () => {
    await production.run(commandsOf('Backup', 'pg_dump'))
    await production.run(commandsOf('Backup', 'pg_restore'))
    const restored = 'psql -At cloudchat_restored -c "select email from users"'
    const shown = await production.run(`ls -l $dump; runuser -u postgres -- ${restored}`)
    expect(shown).toMatch(/^-rw------- /)
    expect(shown.split('\n')).toContain(person.email)
  })

  function overHttp(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${front.httpPort}${path}`, { headers: { host }, redirect: 'manual' })
  }
})

/** Of a message with one part, base64 or quoted-printable. */
function plainText(message: string): string {
  const body = message.slice(message.indexOf('\r\n\r\n') + 4)
  if (/^content-transfer-encoding: base64/im.test(message))
    return Buffer.from(body, 'base64').toString('utf8')
  const codes = /=([0-9A-F]{2})/g
  return body.replace(/=\r\n/g, '').replace(codes, (_code, hex) => String.fromCharCode(Number(`0x${hex}`)))
}
