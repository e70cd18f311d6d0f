-- needs level 1
CREATE TABLE "usage_totals" (
	"user_id" bigint,
	"key_id" uuid,
	"provider" text NOT NULL,
	"calls" bigint DEFAULT 0 NOT NULL,
	"failed" bigint DEFAULT 0 NOT NULL,
	"stopped" bigint DEFAULT 0 NOT NULL,
	"interrupted" bigint DEFAULT 0 NOT NULL,
	"estimated" bigint DEFAULT 0 NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL,
	"prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_tokens" bigint DEFAULT 0 NOT NULL,
	"completion_tokens" bigint DEFAULT 0 NOT NULL,
	"reasoning_tokens" bigint DEFAULT 0 NOT NULL,
	"images" bigint DEFAULT 0 NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	"first_token_ms" bigint DEFAULT 0 NOT NULL,
	"first_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_totals_key" UNIQUE NULLS NOT DISTINCT("user_id","key_id","provider")
);
--> statement-breakpoint
ALTER TABLE "usage_totals" SET (fillfactor = 50);
--> statement-breakpoint
-- Beside `usage_entered`, from the same rows: sums of whole days of all together, in eight parts as those of hours, and
-- each person's totals. After it, so that whoever waits here holds what all others wait for first.
CREATE FUNCTION usage_summed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO usage_sums AS s (shard, day, hour, kind, model, provider,
		calls, failed, stopped, interrupted, estimated, unpriced, prompt_tokens, cached_tokens, completion_tokens,
		reasoning_tokens, images, cost_micros, duration_ms, first_token_ms, first_tokens)
	SELECT 9 + pg_backend_pid() % 8, coalesce(n.local_at, n.created_at AT TIME ZONE 'UTC')::date, 0, n.kind, n.model,
		coalesce(nullif(n.provider, ''), split_part(n.model, '/', 1)),
		count(*), count(*) FILTER (WHERE n.outcome = 'failed'), count(*) FILTER (WHERE n.outcome = 'stopped'),
		count(*) FILTER (WHERE n.outcome = 'interrupted'), count(*) FILTER (WHERE n.is_estimated),
		count(*) FILTER (WHERE n.cost_micros IS NULL), sum(n.prompt_tokens), sum(n.cached_tokens),
		sum(n.completion_tokens), sum(n.reasoning_tokens), sum(n.images), coalesce(sum(n.cost_micros), 0),
		sum(n.duration_ms), coalesce(sum(n.time_to_first_token_ms), 0), count(n.time_to_first_token_ms)
	FROM entered n GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
	ON CONFLICT (shard, user_id, day, hour, key_id, kind, model, provider) DO UPDATE SET
		calls = s.calls + excluded.calls, failed = s.failed + excluded.failed, stopped = s.stopped + excluded.stopped,
		interrupted = s.interrupted + excluded.interrupted, estimated = s.estimated + excluded.estimated,
		unpriced = s.unpriced + excluded.unpriced, prompt_tokens = s.prompt_tokens + excluded.prompt_tokens,
		cached_tokens = s.cached_tokens + excluded.cached_tokens,
		completion_tokens = s.completion_tokens + excluded.completion_tokens,
		reasoning_tokens = s.reasoning_tokens + excluded.reasoning_tokens, images = s.images + excluded.images,
		cost_micros = s.cost_micros + excluded.cost_micros, duration_ms = s.duration_ms + excluded.duration_ms,
		first_token_ms = s.first_token_ms + excluded.first_token_ms,
		first_tokens = s.first_tokens + excluded.first_tokens;

	INSERT INTO usage_totals AS s (user_id, key_id, provider,
		calls, failed, stopped, interrupted, estimated, unpriced, prompt_tokens, cached_tokens, completion_tokens,
		reasoning_tokens, images, cost_micros, duration_ms, first_token_ms, first_tokens)
	SELECT n.user_id, n.key_id, coalesce(nullif(n.provider, ''), split_part(n.model, '/', 1)),
		count(*), count(*) FILTER (WHERE n.outcome = 'failed'), count(*) FILTER (WHERE n.outcome = 'stopped'),
		count(*) FILTER (WHERE n.outcome = 'interrupted'), count(*) FILTER (WHERE n.is_estimated),
		count(*) FILTER (WHERE n.cost_micros IS NULL), sum(n.prompt_tokens), sum(n.cached_tokens),
		sum(n.completion_tokens), sum(n.reasoning_tokens), sum(n.images), coalesce(sum(n.cost_micros), 0),
		sum(n.duration_ms), coalesce(sum(n.time_to_first_token_ms), 0), count(n.time_to_first_token_ms)
	FROM entered n GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
	ON CONFLICT (user_id, key_id, provider) DO UPDATE SET
		calls = s.calls + excluded.calls, failed = s.failed + excluded.failed, stopped = s.stopped + excluded.stopped,
		interrupted = s.interrupted + excluded.interrupted, estimated = s.estimated + excluded.estimated,
		unpriced = s.unpriced + excluded.unpriced, prompt_tokens = s.prompt_tokens + excluded.prompt_tokens,
		cached_tokens = s.cached_tokens + excluded.cached_tokens,
		completion_tokens = s.completion_tokens + excluded.completion_tokens,
		reasoning_tokens = s.reasoning_tokens + excluded.reasoning_tokens, images = s.images + excluded.images,
		cost_micros = s.cost_micros + excluded.cost_micros, duration_ms = s.duration_ms + excluded.duration_ms,
		first_token_ms = s.first_token_ms + excluded.first_token_ms,
		first_tokens = s.first_tokens + excluded.first_tokens;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER usage_events_summed AFTER INSERT ON "usage_events"
REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION usage_summed();
--> statement-breakpoint
INSERT INTO usage_sums (shard, day, hour, kind, model, provider,
	calls, failed, stopped, interrupted, estimated, unpriced, prompt_tokens, cached_tokens, completion_tokens,
	reasoning_tokens, images, cost_micros, duration_ms, first_token_ms, first_tokens)
SELECT 9, day, 0, kind, model, provider,
	sum(calls), sum(failed), sum(stopped), sum(interrupted), sum(estimated), sum(unpriced), sum(prompt_tokens),
	sum(cached_tokens), sum(completion_tokens), sum(reasoning_tokens), sum(images), sum(cost_micros),
	sum(duration_ms), sum(first_token_ms), sum(first_tokens)
FROM usage_sums WHERE shard BETWEEN 1 AND 8 AND user_id IS NULL GROUP BY day, kind, model, provider ORDER BY 2, 4, 5, 6;
--> statement-breakpoint
INSERT INTO usage_totals (user_id, key_id, provider,
	calls, failed, stopped, interrupted, estimated, unpriced, prompt_tokens, cached_tokens, completion_tokens,
	reasoning_tokens, images, cost_micros, duration_ms, first_token_ms, first_tokens)
SELECT user_id, key_id, provider,
	sum(calls), sum(failed), sum(stopped), sum(interrupted), sum(estimated), sum(unpriced), sum(prompt_tokens),
	sum(cached_tokens), sum(completion_tokens), sum(reasoning_tokens), sum(images), sum(cost_micros),
	sum(duration_ms), sum(first_token_ms), sum(first_tokens)
FROM usage_sums WHERE shard = 0 GROUP BY 1, 2, 3;
