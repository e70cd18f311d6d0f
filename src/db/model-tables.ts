import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns.ts'

/** In millionths of the currency, for a million tokens. */
const micros = (name: string) => bigint(name, { mode: 'number' })

/** What the operator says about models, beside the settings or instead of them. None is needed. */
export const models = pgTable(
  'models',
  {
    id: uuid('id').primaryKey(),
    /** What clients send as `model`. */
    modelId: text('model_id').notNull().unique('models_model_id_key'),
    provider: text('provider').notNull(),
    /** As the provider calls it. */
    upstream: text('upstream').notNull(),
    /** As people see it. */
    name: text('name').notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** In which order they are shown. */
    position: integer('position').notNull().default(0),
    contextWindow: integer('context_window'),
    maxOutputTokens: integer('max_output_tokens'),
    /** The first and the third together, or no price at all. */
    inputMicros: micros('input_micros'),
    cachedInputMicros: micros('cached_input_micros'),
    outputMicros: micros('output_micros'),
    reasoningMicros: micros('reasoning_micros'),
    /** Of one picture; null: no price is known. */
    pictureMicros: micros('picture_micros'),
    /** It does nothing but draw, and is not asked for words. */
    draws: boolean('draws').notNull().default(false),
    /** null: nobody has said. */
    hasVision: boolean('has_vision'),
    hasReasoning: boolean('has_reasoning'),
    hasTools: boolean('has_tools'),
    /** null: everybody's. */
    plans: jsonb('plans').$type<string[]>(),
    /** Ids of models, in the order in which they are asked instead. */
    fallbacks: jsonb('fallbacks').$type<string[]>().notNull().default([]),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('models_place').on(t.provider, t.upstream),
    check(
      'models_prices_not_negative',
      sql`${t.inputMicros} >= 0 and ${t.cachedInputMicros} >= 0 and ${t.outputMicros} >= 0 and ${t.reasoningMicros} >= 0`,
    ),
    check('models_picture_price_not_negative', sql`${t.pictureMicros} >= 0`),
    check('models_prices_whole', sql`(${t.inputMicros} is null) = (${t.outputMicros} is null)`),
    check('models_limits_positive', sql`${t.contextWindow} > 0 and ${t.maxOutputTokens} > 0`),
  ],
)

/** Keys of providers, and addresses of those that want none, beside those of the settings. */
export const providerKeys = pgTable('provider_keys', {
  id: uuid('id').primaryKey(),
  provider: text('provider').notNull(),
  /** What the operator calls it. */
  name: text('name').notNull(),
  /** null: the provider's own. */
  baseUrl: text('base_url'),
  /** Sealed with a key derived from SECRET_KEY, for this row, provider and address alone; null: it wants none. */
  sealedKey: text('sealed_key'),
  /** By which SECRET_KEY. */
  sealedBy: text('sealed_by'),
  lastFour: text('last_four'),
  isEnabled: boolean('is_enabled').notNull().default(true),
  createdAt: createdAt(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
})
