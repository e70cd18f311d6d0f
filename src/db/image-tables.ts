import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt } from './columns.ts'
import { users } from './tables.ts'

/** Pictures that models have drawn. The bytes of each are a blob under `images/<id>`. */
export const images = pgTable(
  'images',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    prompt: text('prompt').notNull(),
    /** `provider/model`. */
    model: text('model').notNull(),
    /** As it was asked for: `1024x1024`. */
    size: text('size').notNull(),
    contentType: text('content_type').notNull(),
    byteSize: integer('byte_size').notNull(),
    /**
     * false: its blob may be there and may not, and both are to go. The row is there before the blob and after it, so
     * that nothing is ever stored of which nobody knows.
     */
    isReady: boolean('is_ready').notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    index('images_listed').on(t.userId, t.createdAt, t.id),
    index('images_unready').on(t.createdAt).where(sql`not ${t.isReady}`),
  ],
)
