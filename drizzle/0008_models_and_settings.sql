-- needs level 1
CREATE TABLE "invites" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"hint" text NOT NULL,
	"note" text,
	"max_uses" integer DEFAULT 1 NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invites_code_hash_key" UNIQUE("code_hash"),
	CONSTRAINT "invites_uses_in_bounds" CHECK ("invites"."uses" between 0 and "invites"."max_uses")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_id" text NOT NULL,
	"provider" text NOT NULL,
	"upstream" text NOT NULL,
	"name" text NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"context_window" integer,
	"max_output_tokens" integer,
	"input_micros" bigint,
	"cached_input_micros" bigint,
	"output_micros" bigint,
	"reasoning_micros" bigint,
	"has_vision" boolean,
	"has_reasoning" boolean,
	"has_tools" boolean,
	"plans" jsonb,
	"fallbacks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "models_model_id_key" UNIQUE("model_id"),
	CONSTRAINT "models_prices_not_negative" CHECK ("models"."input_micros" >= 0 and "models"."cached_input_micros" >= 0 and "models"."output_micros" >= 0 and "models"."reasoning_micros" >= 0),
	CONSTRAINT "models_prices_whole" CHECK (("models"."input_micros" is null) = ("models"."output_micros" is null)),
	CONSTRAINT "models_limits_positive" CHECK ("models"."context_window" > 0 and "models"."max_output_tokens" > 0)
);
--> statement-breakpoint
CREATE TABLE "provider_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"name" text NOT NULL,
	"base_url" text,
	"sealed_key" text,
	"sealed_by" text,
	"last_four" text,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "models_place" ON "models" USING btree ("provider","upstream");