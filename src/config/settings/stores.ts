import { databaseUrl } from '../database-url.ts'
import { host, integer, onOff, text } from '../kinds.ts'
import { redisUrl } from '../redis-url.ts'
import { setting } from '../setting.ts'
import { origin } from '../urls.ts'

export const stores = {
  DATABASE_URL: setting({
    kind: databaseUrl,
    secret: true,
    shownDefault: 'the embedded PostgreSQL in DATA_DIR',
    meaning:
      'PostgreSQL 15 or later, also behind PgBouncer: postgresql://user:password@host:port/name?sslmode=verify-full',
  }),
  DATABASE_POOL_SIZE: setting({
    kind: integer(1, 200),
    default: '10',
    aliases: ['DB_POOL_SIZE'],
    meaning: 'Connections to PostgreSQL at most.',
  }),
  DATABASE_TIMEOUT_SECONDS: setting({
    kind: integer(1, 300),
    default: '5',
    meaning: 'A statement may take this long, waiting for a connection included.',
  }),
  REDIS_URL: setting({
    kind: redisUrl,
    secret: true,
    shownDefault: 'the in-process store',
    meaning:
      'redis://user:password@host:port/0, or rediss:// for TLS. Any variable that begins with REDIS_ means Redis.',
  }),
  REDIS_HOST: setting({
    kind: host,
    shownDefault: '127.0.0.1',
    meaning: 'Instead of REDIS_URL, together with the following.',
  }),
  REDIS_PORT: setting({
    kind: integer(1, 65535),
    shownDefault: '6379',
    meaning: 'Port of Redis.',
  }),
  REDIS_DB: setting({
    kind: integer(0, 65535),
    shownDefault: '0',
    meaning: 'Number of the database.',
  }),
  REDIS_USERNAME: setting({
    kind: text(),
    aliases: ['REDIS_USER'],
    shownDefault: 'none',
    meaning: 'User of an access list.',
  }),
  REDIS_PASSWORD: setting({
    kind: text(),
    secret: true,
    shownDefault: 'none',
    meaning: 'Also for a REDIS_URL that holds none.',
  }),
  REDIS_TLS: setting({
    kind: onOff,
    shownDefault: '0; 1 with rediss://',
    meaning: 'Talk to Redis over TLS.',
  }),
  REDIS_TIMEOUT: setting({
    kind: integer(1, 30),
    default: '5',
    meaning: 'Seconds to wait for a connection. A command that takes over 200 ms is given up.',
  }),
  S3_BUCKET: setting({
    kind: text(),
    shownDefault: 'the folder blobs in DATA_DIR',
    meaning: 'Pictures and files are kept in this bucket; with several instances they have to be.',
  }),
  S3_ENDPOINT: setting({
    kind: origin,
    shownDefault: 'Amazon S3',
    meaning: 'Address of another store that speaks S3: https://minio.example.com',
  }),
  S3_REGION: setting({
    kind: text(),
    shownDefault: 'us-east-1',
    meaning: 'Region of the bucket.',
  }),
  S3_ACCESS_KEY_ID: setting({
    kind: text(),
    shownDefault: 'none',
    meaning: 'Key to the bucket.',
  }),
  S3_SECRET_ACCESS_KEY: setting({
    kind: text(),
    secret: true,
    shownDefault: 'none',
    meaning: 'Its secret.',
  }),
}
