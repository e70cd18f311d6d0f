-- needs level 1
CREATE TABLE "conversation_sources" (
	"user_id" bigint NOT NULL,
	"format" text NOT NULL,
	"source_id" text NOT NULL,
	"hash" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_sources_user_id_format_source_id_pk" PRIMARY KEY("user_id","format","source_id")
);
--> statement-breakpoint
ALTER TABLE "conversation_sources" ADD CONSTRAINT "conversation_sources_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_sources" ADD CONSTRAINT "conversation_sources_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_sources_conversation" ON "conversation_sources" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "conversations_export" ON "conversations" USING btree ("user_id","id") WHERE "conversations"."deleted_at" is null;