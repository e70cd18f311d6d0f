-- needs level 1
ALTER TABLE "top_up_codes" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
-- What was withdrawn before is known from the audit log alone.
UPDATE top_up_codes c SET withdrawn_at = a.created_at FROM audit_log a
WHERE a.target_type = 'top_up_code' AND a.target_id = c.id::text AND a.action = 'top_up_code.withdraw';
