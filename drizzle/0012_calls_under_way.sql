-- needs level 1
CREATE TABLE "calls_under_way" (
	"id" uuid PRIMARY KEY NOT NULL,
	"instance_id" uuid NOT NULL,
	"entry" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "calls_under_way_instance" ON "calls_under_way" USING btree ("instance_id");