-- needs level 1
ALTER TABLE "conversations" ADD COLUMN "title_terms" integer[];--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "search_terms" integer[];--> statement-breakpoint
CREATE INDEX "conversations_search" ON "conversations" USING gin ("title_terms") WITH (gin_pending_list_limit=128) WHERE "conversations"."title_terms" is not null;--> statement-breakpoint
CREATE INDEX "conversations_without_terms" ON "conversations" USING btree ("user_id","id") WHERE "conversations"."title_terms" is null and "conversations"."title" is not null;--> statement-breakpoint
CREATE INDEX "messages_recent" ON "messages" USING btree ("user_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "messages_search" ON "messages" USING gin ("search_terms") WITH (gin_pending_list_limit=256) WHERE "messages"."search_terms" is not null;--> statement-breakpoint
CREATE INDEX "messages_without_terms" ON "messages" USING btree ("user_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "messages"."search_terms" is null and "messages"."status" <> 'running';