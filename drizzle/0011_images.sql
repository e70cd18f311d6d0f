-- needs level 1
CREATE TABLE "images" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"prompt" text NOT NULL,
	"model" text NOT NULL,
	"size" text NOT NULL,
	"content_type" text NOT NULL,
	"byte_size" integer NOT NULL,
	"is_ready" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "images_listed" ON "images" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "images_unready" ON "images" USING btree ("created_at") WHERE not "images"."is_ready";