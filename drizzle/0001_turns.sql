-- needs level 1
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"title" text,
	"model" text,
	"system_prompt" text,
	"parameters" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"current_message_id" uuid,
	"is_pinned" boolean DEFAULT false NOT NULL,
	"is_archived" boolean DEFAULT false NOT NULL,
	"is_temporary" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_message_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "instances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"user_id" bigint NOT NULL,
	"parent_id" uuid,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"reasoning" text,
	"status" text NOT NULL,
	"model" text,
	"finish_reason" text,
	"error_code" text,
	"prompt_tokens" integer,
	"completion_tokens" integer,
	"is_usage_estimated" boolean,
	"cost_micros" bigint,
	"duration_ms" integer,
	"time_to_first_token_ms" integer,
	"rating" text,
	"rating_note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messages_role_known" CHECK ("messages"."role" in ('user', 'assistant')),
	CONSTRAINT "messages_usage_not_negative" CHECK ("messages"."prompt_tokens" >= 0 and "messages"."completion_tokens" >= 0 and "messages"."cost_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"session_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "refresh_tokens_hash_key" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "token_factors" (
	"model" text PRIMARY KEY NOT NULL,
	"factor" real NOT NULL,
	"answers" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "turn_chunks" (
	"turn_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"text" text NOT NULL,
	"reasoning" text NOT NULL,
	CONSTRAINT "turn_chunks_turn_id_seq_pk" PRIMARY KEY("turn_id","seq")
);
--> statement-breakpoint
CREATE TABLE "turns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"conversation_id" uuid NOT NULL,
	"user_message_id" uuid NOT NULL,
	"assistant_message_id" uuid NOT NULL,
	"model" text NOT NULL,
	"instance_id" uuid NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"slot" integer,
	"is_stop_wanted" boolean DEFAULT false NOT NULL,
	"last_seq" integer,
	"estimated_prompt_tokens" integer DEFAULT 0 NOT NULL,
	"idempotency_key" text,
	"request_hash" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "usage_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"turn_id" uuid NOT NULL,
	"model" text NOT NULL,
	"prompt_tokens" integer NOT NULL,
	"completion_tokens" integer NOT NULL,
	"is_estimated" boolean NOT NULL,
	"cost_micros" bigint,
	"time_to_first_token_ms" integer,
	"duration_ms" integer NOT NULL,
	"outcome" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "usage_events_not_negative" CHECK ("usage_events"."prompt_tokens" >= 0 and "usage_events"."completion_tokens" >= 0 and "usage_events"."cost_micros" >= 0)
);
--> statement-breakpoint
ALTER TABLE "sessions" ALTER COLUMN "token_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_used_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "plan" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turn_chunks" ADD CONSTRAINT "turn_chunks_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_list" ON "conversations" USING btree ("user_id","is_archived","is_pinned" DESC NULLS LAST,"last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "conversations"."deleted_at" is null and not "conversations"."is_temporary";--> statement-breakpoint
CREATE INDEX "conversations_deleted" ON "conversations" USING btree ("deleted_at") WHERE "conversations"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "conversations_temporary" ON "conversations" USING btree ("last_message_at") WHERE "conversations"."is_temporary";--> statement-breakpoint
CREATE INDEX "messages_tree" ON "messages" USING btree ("conversation_id","parent_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_session" ON "refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_expires" ON "refresh_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "turns_one_running" ON "turns" USING btree ("conversation_id") WHERE "turns"."state" = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX "turns_slot" ON "turns" USING btree ("user_id","slot") WHERE "turns"."state" = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX "turns_idempotency_key" ON "turns" USING btree ("user_id","idempotency_key") WHERE "turns"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "turns_running" ON "turns" USING btree ("instance_id") WHERE "turns"."state" = 'running';--> statement-breakpoint
CREATE INDEX "turns_conversation" ON "turns" USING btree ("conversation_id","started_at");--> statement-breakpoint
CREATE INDEX "turns_ended" ON "turns" USING btree ("ended_at");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_events_turn_kind" ON "usage_events" USING btree ("turn_id","kind");--> statement-breakpoint
CREATE INDEX "usage_events_user" ON "usage_events" USING btree ("user_id","created_at");