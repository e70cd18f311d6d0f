-- needs level 1
CREATE TABLE "balance_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"micros" bigint NOT NULL,
	"reason" text NOT NULL,
	"code_id" uuid,
	"event_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "balance_entries_event_key" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "balances" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"micros" bigint DEFAULT 0 NOT NULL,
	"held_micros" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"name" text PRIMARY KEY NOT NULL,
	"limits" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plans_name_form" CHECK ("plans"."name" ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
	CONSTRAINT "plans_limits_not_negative" CHECK (not jsonb_path_exists("plans"."limits", '$.* ? ((@.type() != "number" && @.type() != "null") || @ < 0)'))
);
--> statement-breakpoint
CREATE TABLE "quota_overrides" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"limits" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"timezone" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "quota_overrides_limits_not_negative" CHECK (not jsonb_path_exists("quota_overrides"."limits", '$.* ? ((@.type() != "number" && @.type() != "null") || @ < 0)'))
);
--> statement-breakpoint
CREATE TABLE "top_up_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"ending" text NOT NULL,
	"micros" bigint NOT NULL,
	"max_uses" integer DEFAULT 1 NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"note" text,
	"created_by" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "top_up_codes_hash_key" UNIQUE("code_hash"),
	CONSTRAINT "top_up_codes_worth_something" CHECK ("top_up_codes"."micros" > 0),
	CONSTRAINT "top_up_codes_uses" CHECK ("top_up_codes"."uses" between 0 and "top_up_codes"."max_uses")
);
--> statement-breakpoint
CREATE TABLE "usage_counters" (
	"holder" text PRIMARY KEY NOT NULL,
	"user_id" bigint,
	"day" date NOT NULL,
	"day_requests" bigint DEFAULT 0 NOT NULL,
	"day_tokens" bigint DEFAULT 0 NOT NULL,
	"day_cost" bigint DEFAULT 0 NOT NULL,
	"day_held_tokens" bigint DEFAULT 0 NOT NULL,
	"day_held_cost" bigint DEFAULT 0 NOT NULL,
	"month_requests" bigint DEFAULT 0 NOT NULL,
	"month_tokens" bigint DEFAULT 0 NOT NULL,
	"month_cost" bigint DEFAULT 0 NOT NULL,
	"month_held_tokens" bigint DEFAULT 0 NOT NULL,
	"month_held_cost" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_reservations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"holder" text,
	"key_holder" text,
	"user_id" bigint,
	"day" date NOT NULL,
	"tokens" bigint DEFAULT 0 NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_sums" (
	"shard" smallint NOT NULL,
	"user_id" bigint,
	"day" date NOT NULL,
	"hour" smallint NOT NULL,
	"key_id" uuid,
	"kind" text NOT NULL,
	"model" text NOT NULL,
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
	CONSTRAINT "usage_sums_key" UNIQUE NULLS NOT DISTINCT("shard","user_id","day","hour","key_id","kind","model","provider")
);
--> statement-breakpoint
ALTER TABLE "usage_events" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ALTER COLUMN "turn_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_login_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "key_id" uuid;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "provider" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "cached_tokens" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "reasoning_tokens" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "images" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "error_code" text;--> statement-breakpoint
ALTER TABLE "usage_events" ADD COLUMN "local_at" timestamp;--> statement-breakpoint
ALTER TABLE "balance_entries" ADD CONSTRAINT "balance_entries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "balance_entries" ADD CONSTRAINT "balance_entries_code_id_top_up_codes_id_fk" FOREIGN KEY ("code_id") REFERENCES "public"."top_up_codes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "balances" ADD CONSTRAINT "balances_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_overrides" ADD CONSTRAINT "quota_overrides_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "top_up_codes" ADD CONSTRAINT "top_up_codes_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_counters" ADD CONSTRAINT "usage_counters_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "balance_entries_user" ON "balance_entries" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "balance_entries_code" ON "balance_entries" USING btree ("code_id","user_id") WHERE "balance_entries"."code_id" is not null;--> statement-breakpoint
CREATE INDEX "usage_reservations_expiring" ON "usage_reservations" USING btree ("expires_at") WHERE "usage_reservations"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "usage_reservations_created" ON "usage_reservations" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "usage_sums_day" ON "usage_sums" USING brin ("day") WITH (pages_per_range=16);--> statement-breakpoint
CREATE INDEX "usage_events_recent" ON "usage_events" USING btree ("created_at","id");--> statement-breakpoint
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_parts_not_negative" CHECK ("usage_events"."cached_tokens" >= 0 and "usage_events"."reasoning_tokens" >= 0 and "usage_events"."images" >= 0);
--> statement-breakpoint
INSERT INTO "plans" ("name", "limits") VALUES
	('free', '{"requests_day": 50, "tokens_day": 10000, "requests_month": 1000, "tokens_month": 100000}'),
	('vip', '{"requests_day": 200, "tokens_day": 50000, "requests_month": 5000, "tokens_month": 1500000}'),
	('unlimited', '{}')
ON CONFLICT DO NOTHING;
--> statement-breakpoint
-- Sums are written over and over: room beside them keeps the new version on the same page, and the indexes as they are.
ALTER TABLE "usage_sums" SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "usage_counters" SET (fillfactor = 50);
--> statement-breakpoint
-- The counters of a holder, locked, with windows that have ended begun anew. Nothing where the person is gone.
CREATE FUNCTION usage_lock(holder_name text, person bigint, today date) RETURNS usage_counters
LANGUAGE plpgsql AS $$
DECLARE
	c usage_counters;
BEGIN
	LOOP
		SELECT * INTO c FROM usage_counters u WHERE u.holder = holder_name FOR UPDATE;
		EXIT WHEN FOUND;
		IF person IS NOT NULL THEN
			PERFORM 1 FROM users WHERE id = person FOR KEY SHARE;
			IF NOT FOUND THEN RETURN NULL; END IF;
		END IF;
		INSERT INTO usage_counters (holder, user_id, day) VALUES (holder_name, person, today) ON CONFLICT DO NOTHING;
	END LOOP;
	IF date_trunc('month', c.day) < date_trunc('month', today) THEN
		c.month_requests := 0; c.month_tokens := 0; c.month_cost := 0;
		c.month_held_tokens := 0; c.month_held_cost := 0;
	END IF;
	IF c.day < today THEN
		c.day := today;
		c.day_requests := 0; c.day_tokens := 0; c.day_cost := 0;
		c.day_held_tokens := 0; c.day_held_cost := 0;
	END IF;
	RETURN c;
END $$;
--> statement-breakpoint
-- Moves the counters of a holder for something that counts on this day: of windows that are over nothing is changed.
CREATE FUNCTION usage_count(
	holder_name text, person bigint, on_day date,
	requests bigint, tokens bigint, cost bigint, held_tokens bigint, held_cost bigint
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	c usage_counters := usage_lock(holder_name, person, on_day);
BEGIN
	IF c.holder IS NULL THEN RETURN; END IF;
	IF c.day = on_day THEN
		c.day_requests := greatest(0, c.day_requests + requests);
		c.day_tokens := c.day_tokens + tokens;
		c.day_cost := c.day_cost + cost;
		c.day_held_tokens := greatest(0, c.day_held_tokens + held_tokens);
		c.day_held_cost := greatest(0, c.day_held_cost + held_cost);
	END IF;
	IF date_trunc('month', c.day) = date_trunc('month', on_day) THEN
		c.month_requests := greatest(0, c.month_requests + requests);
		c.month_tokens := c.month_tokens + tokens;
		c.month_cost := c.month_cost + cost;
		c.month_held_tokens := greatest(0, c.month_held_tokens + held_tokens);
		c.month_held_cost := greatest(0, c.month_held_cost + held_cost);
	END IF;
	UPDATE usage_counters u SET day = c.day,
		day_requests = c.day_requests, day_tokens = c.day_tokens, day_cost = c.day_cost,
		day_held_tokens = c.day_held_tokens, day_held_cost = c.day_held_cost,
		month_requests = c.month_requests, month_tokens = c.month_tokens, month_cost = c.month_cost,
		month_held_tokens = c.month_held_tokens, month_held_cost = c.month_held_cost
	WHERE u.holder = holder_name;
END $$;
--> statement-breakpoint
-- How many tokens of an answer there is room for under these limits, or which of them leaves none: of several the one
-- that takes longest. `is_held`: it is not used up, but what is under way may use it up.
CREATE FUNCTION usage_room(
	c usage_counters, limits jsonb, zone text,
	prompt bigint, wanted bigint, prompt_price bigint, completion_price bigint,
	OUT granted bigint, OUT tokens_left bigint, OUT refusal jsonb
)
LANGUAGE plpgsql AS $$
DECLARE
	w record;
	most bigint;
	needed bigint;
	room bigint;
	fits bigint;
BEGIN
	granted := wanted;
	FOR w IN SELECT * FROM (VALUES
		('requests', 'day', c.day_requests, 0::bigint), ('tokens', 'day', c.day_tokens, c.day_held_tokens),
		('cost', 'day', c.day_cost, c.day_held_cost), ('requests', 'month', c.month_requests, 0),
		('tokens', 'month', c.month_tokens, c.month_held_tokens), ('cost', 'month', c.month_cost, c.month_held_cost)
	) AS windows (unit, period, used, held) LOOP
		most := (limits ->> (w.unit || '_' || w.period))::bigint;
		CONTINUE WHEN most IS NULL;
		CONTINUE WHEN w.unit = 'cost' AND coalesce(prompt_price, 0) + coalesce(completion_price, 0) = 0;
		needed := CASE w.unit WHEN 'requests' THEN 0 WHEN 'tokens' THEN prompt
			ELSE usage_cost(prompt, 0, prompt_price, 0) END;
		room := most - w.used - w.held - needed;
		-- Of a call that wants no words (a picture, an embedding) one stands for the call itself.
		fits := CASE w.unit WHEN 'requests' THEN least(room, 1) * greatest(wanted, 1) WHEN 'tokens' THEN room
			ELSE CASE WHEN room > 0 AND completion_price > 0 AND wanted > 0
				THEN least(wanted, trunc(room::numeric * 1000000 / completion_price)::bigint)
				ELSE sign(room) * greatest(wanted, 1) END END;
		IF fits < 1 THEN
			refusal := jsonb_build_object('unit', w.unit, 'period', w.period, 'limit', most, 'used', w.used,
				'is_held', w.held > 0 AND w.used + needed < most,
				'resets_at', CASE w.period
					WHEN 'day' THEN (c.day + 1)::timestamp AT TIME ZONE zone
					ELSE (date_trunc('month', c.day::timestamp) + interval '1 month') AT TIME ZONE zone END);
		ELSE
			granted := least(granted, fits);
			IF w.unit = 'tokens' THEN tokens_left := least(tokens_left, room); END IF;
		END IF;
	END LOOP;
	IF refusal IS NOT NULL THEN granted := 0; END IF;
END $$;
--> statement-breakpoint
-- In micro-units, from prices of a million tokens in micro-units; nothing where no price is known.
CREATE FUNCTION usage_cost(prompt bigint, completion bigint, prompt_price bigint, completion_price bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
	SELECT ceil((prompt::numeric * coalesce(prompt_price, 0) + completion::numeric * coalesce(completion_price, 0)) / 1000000)::bigint
$$;
--> statement-breakpoint
-- Holds room for a call: under the person's plan with its overrides and under the limits of the key that asks, or
-- where the plan has no room (or hardly any) on the balance. Without a person the limits given are those of all
-- visitors. `refusal`: nothing was held; which limit leaves no room. `tokens_left`: beside what was held; null: any.
CREATE FUNCTION usage_reserve(
	call_id uuid, person bigint, api_key uuid, own_limits jsonb, default_plan text, zone text, moment timestamptz,
	prompt bigint, wanted bigint, prompt_price bigint, completion_price bigint,
	OUT granted bigint, OUT tokens_left bigint, OUT refusal jsonb
)
LANGUAGE plpgsql AS $$
DECLARE
	limits jsonb := own_limits;
	key_limits jsonb := '{}';
	today date;
	c usage_counters;
	k usage_counters;
	plan record;
	own record;
	paid bigint;
	purse text := 'user:' || person;
BEGIN
	granted := wanted;
	IF person IS NULL THEN
		purse := 'anonymous';
	ELSE
		-- A plan that is not there gives what `free` gives.
		SELECT coalesce(p.limits, (SELECT f.limits FROM plans f WHERE f.name = 'free'), '{}') || coalesce(o.limits, '{}'),
			coalesce(o.timezone, zone)
		INTO limits, zone
		FROM users u LEFT JOIN plans p ON p.name = coalesce(u.plan, default_plan)
			LEFT JOIN quota_overrides o ON o.user_id = u.id
		WHERE u.id = person;
		IF api_key IS NOT NULL THEN key_limits := jsonb_strip_nulls(coalesce(own_limits, '{}')); END IF;
	END IF;
	limits := jsonb_strip_nulls(coalesce(limits, '{}'));
	IF limits = '{}' AND key_limits = '{}' THEN RETURN; END IF;

	today := (moment AT TIME ZONE zone)::date;
	c := usage_lock(purse, person, today);
	IF c.holder IS NULL THEN RETURN; END IF;
	plan := usage_room(c, limits, zone, prompt, wanted, prompt_price, completion_price);
	granted := plan.granted; tokens_left := plan.tokens_left; refusal := plan.refusal;
	IF key_limits <> '{}' THEN
		k := usage_lock('key:' || api_key, person, today);
		own := usage_room(k, key_limits, zone, prompt, wanted, prompt_price, completion_price);
		tokens_left := least(tokens_left, own.tokens_left);
		IF own.refusal IS NOT NULL THEN
			granted := 0; refusal := own.refusal || '{"of_key": true}';
			RETURN;
		END IF;
	END IF;
	IF granted < least(wanted, 1024) AND prompt_price + completion_price > 0 THEN
		SELECT b.micros - b.held_micros - usage_cost(prompt, 0, prompt_price, 0) INTO paid
		FROM balances b WHERE b.user_id = person FOR UPDATE;
		IF paid > 0 AND completion_price > 0 THEN
			paid := least(wanted, trunc(paid::numeric * 1000000 / completion_price)::bigint);
		ELSIF paid > 0 THEN paid := wanted; END IF;
		IF paid > granted THEN
			purse := NULL; granted := paid; refusal := NULL;
		END IF;
	END IF;
	IF refusal IS NOT NULL THEN RETURN; END IF;
	IF key_limits <> '{}' THEN granted := least(granted, own.granted); END IF;
	IF tokens_left IS NOT NULL THEN tokens_left := greatest(0, tokens_left - granted); END IF;

	DECLARE
		held_cost bigint := usage_cost(prompt, granted, prompt_price, completion_price);
	BEGIN
		IF purse IS NULL THEN
			UPDATE balances b SET held_micros = b.held_micros + held_cost WHERE b.user_id = person;
		ELSE
			PERFORM usage_count(purse, person, c.day, 1, 0, 0, prompt + granted, held_cost);
		END IF;
		IF key_limits <> '{}' THEN
			PERFORM usage_count(k.holder, person, k.day, 1, 0, 0, prompt + granted, held_cost);
		END IF;
		INSERT INTO usage_reservations (id, holder, key_holder, user_id, day, tokens, cost_micros, expires_at, created_at)
		VALUES (call_id, purse, k.holder, person, c.day, prompt + granted, held_cost, moment + interval '15 minutes', moment);
	END;
END $$;
--> statement-breakpoint
-- Gives back what is held for a call. `is_over`: it was never made, and was no request. Otherwise it has taken too long:
-- it still counts, and how much it is will be known at its end. False: nothing is held.
CREATE FUNCTION usage_release(call_id uuid, is_over boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	r usage_reservations;
	request bigint := CASE WHEN is_over THEN -1 ELSE 0 END;
BEGIN
	SELECT * INTO r FROM usage_reservations u WHERE u.id = call_id FOR UPDATE;
	IF NOT FOUND THEN RETURN FALSE; END IF;
	IF r.holder IS NULL THEN
		UPDATE balances b SET held_micros = b.held_micros - r.cost_micros WHERE b.user_id = r.user_id;
	ELSE
		PERFORM usage_count(r.holder, r.user_id, r.day, request, 0, 0, -r.tokens, -r.cost_micros);
	END IF;
	IF r.key_holder IS NOT NULL THEN
		PERFORM usage_count(r.key_holder, r.user_id, r.day, request, 0, 0, -r.tokens, -r.cost_micros);
	END IF;
	IF is_over THEN
		DELETE FROM usage_reservations u WHERE u.id = call_id;
	ELSE
		UPDATE usage_reservations u SET tokens = 0, cost_micros = 0, expires_at = NULL WHERE u.id = call_id;
	END IF;
	RETURN TRUE;
END $$;
--> statement-breakpoint
-- Counts a row of the ledger, in place of what was held for it. What failed without a word or a token was no request.
CREATE FUNCTION usage_settle(e usage_events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r usage_reservations;
	is_aside boolean := e.kind IN ('title', 'summary');
	request bigint := CASE
		WHEN is_aside OR (e.outcome = 'failed' AND e.prompt_tokens + e.completion_tokens + e.images = 0) THEN 0 ELSE 1 END;
	tokens bigint := e.prompt_tokens + e.completion_tokens;
	cost bigint := coalesce(e.cost_micros, 0);
	zone text;
BEGIN
	IF NOT is_aside THEN
		DELETE FROM usage_reservations u WHERE u.id = coalesce(e.turn_id, e.id) RETURNING * INTO r;
	END IF;
	IF r.id IS NULL THEN
		SELECT o.timezone INTO zone FROM quota_overrides o WHERE o.user_id = e.user_id;
		PERFORM usage_count(
			CASE WHEN e.user_id IS NULL THEN 'anonymous' ELSE 'user:' || e.user_id END, e.user_id,
			CASE WHEN zone IS NULL THEN coalesce(e.local_at, e.created_at AT TIME ZONE 'UTC')
				ELSE e.created_at AT TIME ZONE zone END::date,
			request, tokens, cost, 0, 0);
		RETURN;
	END IF;
	IF r.holder IS NOT NULL THEN
		PERFORM usage_count(r.holder, r.user_id, r.day, request - 1, tokens, cost, -r.tokens, -r.cost_micros);
	END IF;
	IF r.key_holder IS NOT NULL THEN
		PERFORM usage_count(r.key_holder, r.user_id, r.day, request - 1, tokens, cost, -r.tokens, -r.cost_micros);
	END IF;
	IF r.holder IS NULL THEN
		UPDATE balances b SET micros = b.micros - cost, held_micros = b.held_micros - r.cost_micros
		WHERE b.user_id = r.user_id;
		IF FOUND AND cost > 0 THEN
			INSERT INTO balance_entries (id, user_id, micros, reason, event_id, created_at)
			VALUES (e.id, r.user_id, -cost, 'usage', e.id, e.created_at);
		END IF;
	END IF;
END $$;
--> statement-breakpoint
-- Whatever enters the ledger is in the statistics and the counters at the same moment, whoever has entered it. Always
-- in one order: two that enter the same rows do not wait for each other in a circle.
CREATE FUNCTION usage_entered() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	e usage_events;
BEGIN
	INSERT INTO usage_sums AS s (shard, user_id, day, hour, key_id, kind, model, provider, calls, failed, stopped,
		interrupted, estimated, unpriced, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, images,
		cost_micros, duration_ms, first_token_ms, first_tokens)
	SELECT p.shard, CASE WHEN p.shard = 0 THEN n.user_id END, l.at::date, extract(hour FROM l.at),
		CASE WHEN p.shard = 0 THEN n.key_id END, n.kind, n.model,
		coalesce(nullif(n.provider, ''), split_part(n.model, '/', 1)),
		count(*), count(*) FILTER (WHERE n.outcome = 'failed'), count(*) FILTER (WHERE n.outcome = 'stopped'),
		count(*) FILTER (WHERE n.outcome = 'interrupted'), count(*) FILTER (WHERE n.is_estimated),
		count(*) FILTER (WHERE n.cost_micros IS NULL), sum(n.prompt_tokens), sum(n.cached_tokens),
		sum(n.completion_tokens), sum(n.reasoning_tokens), sum(n.images), coalesce(sum(n.cost_micros), 0),
		sum(n.duration_ms), coalesce(sum(n.time_to_first_token_ms), 0), count(n.time_to_first_token_ms)
	FROM entered n
		CROSS JOIN LATERAL (SELECT coalesce(n.local_at, n.created_at AT TIME ZONE 'UTC') AS at) l
		CROSS JOIN (VALUES (0), (1 + pg_backend_pid() % 8)) AS p (shard)
	GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
	ON CONFLICT (shard, user_id, day, hour, key_id, kind, model, provider) DO UPDATE SET
		calls = s.calls + excluded.calls, failed = s.failed + excluded.failed, stopped = s.stopped + excluded.stopped,
		interrupted = s.interrupted + excluded.interrupted, estimated = s.estimated + excluded.estimated,
		unpriced = s.unpriced + excluded.unpriced, prompt_tokens = s.prompt_tokens + excluded.prompt_tokens,
		cached_tokens = s.cached_tokens + excluded.cached_tokens,
		completion_tokens = s.completion_tokens + excluded.completion_tokens,
		reasoning_tokens = s.reasoning_tokens + excluded.reasoning_tokens, images = s.images + excluded.images,
		cost_micros = s.cost_micros + excluded.cost_micros, duration_ms = s.duration_ms + excluded.duration_ms,
		first_token_ms = s.first_token_ms + excluded.first_token_ms, first_tokens = s.first_tokens + excluded.first_tokens;

	FOR e IN SELECT * FROM entered n ORDER BY n.user_id NULLS FIRST, n.key_id NULLS FIRST, n.id LOOP
		PERFORM usage_settle(e);
	END LOOP;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER usage_events_entered AFTER INSERT ON "usage_events"
REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION usage_entered();
--> statement-breakpoint
-- What is in the ledger already goes the same way.
WITH earlier AS (DELETE FROM "usage_events" RETURNING *) INSERT INTO "usage_events" SELECT * FROM earlier;
