-- needs level 1
CREATE TABLE "summaries" (
	"user_id" bigint NOT NULL,
	"conversation_id" uuid NOT NULL,
	"through_message_id" uuid NOT NULL,
	"text" text NOT NULL,
	"model" text NOT NULL,
	"tokens" integer NOT NULL,
	"message_count" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "summaries_user_id_conversation_id_through_message_id_pk" PRIMARY KEY("user_id","conversation_id","through_message_id")
);
--> statement-breakpoint
ALTER TABLE "summaries" ADD CONSTRAINT "summaries_through_message_id_messages_id_fk" FOREIGN KEY ("through_message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "summaries_message" ON "summaries" USING btree ("through_message_id");