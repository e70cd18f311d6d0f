-- needs level 1
ALTER TABLE "models" ADD COLUMN "picture_micros" bigint;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "draws" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_picture_price_not_negative" CHECK ("models"."picture_micros" >= 0);
--> statement-breakpoint
-- As before, and beside what words cost a price that does not depend on them, such as that of pictures: known to the
-- last millionth before the call, so that it may use a limit up.
CREATE FUNCTION usage_room(
	c usage_counters, limits jsonb, zone text,
	prompt bigint, wanted bigint, prompt_price bigint, completion_price bigint, fixed_cost bigint,
	OUT granted bigint, OUT tokens_left bigint, OUT refusal jsonb
)
LANGUAGE plpgsql AS $$
DECLARE
	w record;
	most bigint;
	needed bigint;
	room bigint;
	fits bigint;
	is_exact boolean := wanted = 0 AND fixed_cost > 0;
BEGIN
	granted := wanted;
	FOR w IN SELECT * FROM (VALUES
		('requests', 'day', c.day_requests, 0::bigint), ('tokens', 'day', c.day_tokens, c.day_held_tokens),
		('cost', 'day', c.day_cost, c.day_held_cost), ('requests', 'month', c.month_requests, 0),
		('tokens', 'month', c.month_tokens, c.month_held_tokens), ('cost', 'month', c.month_cost, c.month_held_cost)
	) AS windows (unit, period, used, held) LOOP
		most := (limits ->> (w.unit || '_' || w.period))::bigint;
		CONTINUE WHEN most IS NULL;
		CONTINUE WHEN w.unit = 'cost'
			AND coalesce(prompt_price, 0) + coalesce(completion_price, 0) + fixed_cost = 0;
		needed := CASE w.unit WHEN 'requests' THEN 0 WHEN 'tokens' THEN prompt
			ELSE usage_cost(prompt, 0, prompt_price, 0) + fixed_cost END;
		room := most - w.used - w.held - needed;
		-- Of a call that wants no words (a picture, an embedding) one stands for the call itself.
		fits := CASE w.unit WHEN 'requests' THEN least(room, 1) * greatest(wanted, 1) WHEN 'tokens' THEN room
			ELSE CASE WHEN room > 0 AND completion_price > 0 AND wanted > 0
				THEN least(wanted, trunc(room::numeric * 1000000 / completion_price)::bigint)
				WHEN is_exact THEN sign(room + 1)
				ELSE sign(room) * greatest(wanted, 1) END END;
		IF fits < 1 THEN
			refusal := jsonb_build_object('unit', w.unit, 'period', w.period, 'limit', most, 'used', w.used,
				'is_held', w.held > 0 AND w.used + needed < most + (is_exact AND w.unit = 'cost')::integer,
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
-- As before; `may_turn` false: what is counted was held on that day, and no window turns over for it. Its day may lie
-- behind the present one where the clock was set back in between: then it counts in the present one.
CREATE FUNCTION usage_count(
	holder_name text, person bigint, on_day date,
	requests bigint, tokens bigint, cost bigint, held_tokens bigint, held_cost bigint, may_turn boolean
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF NOT may_turn THEN
		on_day := least(on_day, (SELECT u.day FROM usage_counters u WHERE u.holder = holder_name FOR UPDATE));
	END IF;
	PERFORM usage_count(holder_name, person, on_day, requests, tokens, cost, held_tokens, held_cost);
END $$;
--> statement-breakpoint
-- The counters of a holder, locked, for a call at this moment. Where the clock by which days begin was set back, the
-- present day is the earlier one, and what was used stays: it would last until that clock has caught up otherwise. The
-- clocks of two machines do not differ by minutes.
CREATE FUNCTION usage_lock_at(holder_name text, person bigint, moment timestamptz, zone text) RETURNS usage_counters
LANGUAGE plpgsql AS $$
DECLARE
	today date := (moment AT TIME ZONE zone)::date;
	c usage_counters := usage_lock(holder_name, person, today);
BEGIN
	IF c.day > ((moment + interval '5 minutes') AT TIME ZONE zone)::date THEN
		UPDATE usage_counters u SET day = today WHERE u.holder = holder_name;
		c.day := today;
	END IF;
	RETURN c;
END $$;
--> statement-breakpoint
-- As before, with a price beside the words', and for calls without words the balance too.
CREATE FUNCTION usage_reserve(
	call_id uuid, person bigint, api_key uuid, own_limits jsonb, default_plan text, zone text, moment timestamptz,
	prompt bigint, wanted bigint, prompt_price bigint, completion_price bigint, fixed_cost bigint,
	OUT granted bigint, OUT tokens_left bigint, OUT refusal jsonb
)
LANGUAGE plpgsql AS $$
DECLARE
	limits jsonb := own_limits;
	key_limits jsonb := '{}';
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

	c := usage_lock_at(purse, person, moment, zone);
	IF c.holder IS NULL THEN RETURN; END IF;
	plan := usage_room(c, limits, zone, prompt, wanted, prompt_price, completion_price, fixed_cost);
	granted := plan.granted; tokens_left := plan.tokens_left; refusal := plan.refusal;
	IF key_limits <> '{}' THEN
		k := usage_lock_at('key:' || api_key, person, moment, zone);
		own := usage_room(k, key_limits, zone, prompt, wanted, prompt_price, completion_price, fixed_cost);
		tokens_left := least(tokens_left, own.tokens_left);
		IF own.refusal IS NOT NULL THEN
			granted := 0; refusal := own.refusal || '{"of_key": true}';
			RETURN;
		END IF;
	END IF;
	IF (refusal IS NOT NULL OR granted < least(wanted, 1024))
		AND coalesce(prompt_price, 0) + coalesce(completion_price, 0) + fixed_cost > 0 THEN
		SELECT b.micros - b.held_micros - usage_cost(prompt, 0, prompt_price, 0) - fixed_cost INTO paid
		FROM balances b WHERE b.user_id = person FOR UPDATE;
		IF wanted = 0 THEN
			IF paid > 0 OR (paid = 0 AND fixed_cost > 0) THEN purse := NULL; refusal := NULL; END IF;
		ELSE
			IF paid > 0 AND completion_price > 0 THEN
				paid := least(wanted, trunc(paid::numeric * 1000000 / completion_price)::bigint);
			ELSIF paid > 0 THEN paid := wanted; END IF;
			IF paid > granted THEN
				purse := NULL; granted := paid; refusal := NULL;
			END IF;
		END IF;
	END IF;
	IF refusal IS NOT NULL THEN RETURN; END IF;
	IF key_limits <> '{}' THEN granted := least(granted, own.granted); END IF;
	IF tokens_left IS NOT NULL THEN tokens_left := greatest(0, tokens_left - granted); END IF;

	DECLARE
		held_cost bigint := usage_cost(prompt, granted, prompt_price, completion_price) + fixed_cost;
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
-- For the release before this one.
CREATE OR REPLACE FUNCTION usage_reserve(
	call_id uuid, person bigint, api_key uuid, own_limits jsonb, default_plan text, zone text, moment timestamptz,
	prompt bigint, wanted bigint, prompt_price bigint, completion_price bigint,
	OUT granted bigint, OUT tokens_left bigint, OUT refusal jsonb
)
LANGUAGE sql AS $$
	SELECT r.granted, r.tokens_left, r.refusal
	FROM usage_reserve(call_id, person, api_key, own_limits, default_plan, zone, moment, prompt, wanted, prompt_price,
		completion_price, 0) r
$$;
--> statement-breakpoint
DROP FUNCTION usage_room(usage_counters, jsonb, text, bigint, bigint, bigint, bigint);
--> statement-breakpoint
CREATE OR REPLACE FUNCTION usage_release(call_id uuid, is_over boolean) RETURNS boolean
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
		PERFORM usage_count(r.holder, r.user_id, r.day, request, 0, 0, -r.tokens, -r.cost_micros, FALSE);
	END IF;
	IF r.key_holder IS NOT NULL THEN
		PERFORM usage_count(r.key_holder, r.user_id, r.day, request, 0, 0, -r.tokens, -r.cost_micros, FALSE);
	END IF;
	IF is_over THEN
		DELETE FROM usage_reservations u WHERE u.id = call_id;
	ELSE
		UPDATE usage_reservations u SET tokens = 0, cost_micros = 0, expires_at = NULL WHERE u.id = call_id;
	END IF;
	RETURN TRUE;
END $$;
--> statement-breakpoint
-- Whether a row of the ledger is a request: what failed without a word, a token or a picture was none.
CREATE FUNCTION usage_is_request(e usage_events) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT e.kind NOT IN ('title', 'summary')
		AND NOT (e.outcome = 'failed' AND e.prompt_tokens + e.completion_tokens + e.images = 0)
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION usage_settle(e usage_events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r usage_reservations;
	request bigint := usage_is_request(e)::integer;
	tokens bigint := e.prompt_tokens + e.completion_tokens;
	cost bigint := coalesce(e.cost_micros, 0);
	zone text;
BEGIN
	IF e.kind NOT IN ('title', 'summary') THEN
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
		PERFORM usage_count(r.holder, r.user_id, r.day, request - 1, tokens, cost, -r.tokens, -r.cost_micros, FALSE);
	END IF;
	IF r.key_holder IS NOT NULL THEN
		PERFORM usage_count(r.key_holder, r.user_id, r.day, request - 1, tokens, cost, -r.tokens, -r.cost_micros, FALSE);
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
-- A person's days begin elsewhere from this moment on. Where another day or month has begun there, its window has what
-- the ledger says of it, and what is under way: as if that clock had always counted.
CREATE FUNCTION usage_move_windows(person bigint, zone text, moment timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	c usage_counters;
	held record;
	used record;
	today date := (moment AT TIME ZONE zone)::date;
	day_began timestamptz := today::timestamp AT TIME ZONE zone;
	month_began timestamptz := date_trunc('month', today::timestamp) AT TIME ZONE zone;
BEGIN
	FOR c IN SELECT * FROM usage_counters u WHERE u.user_id = person
		ORDER BY u.holder LIKE 'key:%', u.holder FOR UPDATE
	LOOP
		CONTINUE WHEN c.day = today;
		-- Those that are locked are ending at this moment: to wait for them, who wait for these counters, were a circle.
		WITH moved AS (
			UPDATE usage_reservations r SET day = today WHERE r.id IN (
				SELECT h.id FROM usage_reservations h
				WHERE h.user_id = person AND c.holder IN (h.holder, h.key_holder) FOR UPDATE SKIP LOCKED
			) RETURNING r.tokens, r.cost_micros
		)
		SELECT count(*) AS requests, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(cost_micros), 0) AS cost
		INTO held FROM moved;
		SELECT
			count(*) FILTER (WHERE is_request AND is_today) AS day_requests,
			coalesce(sum(tokens) FILTER (WHERE is_today), 0) AS day_tokens,
			coalesce(sum(cost) FILTER (WHERE is_today), 0) AS day_cost,
			count(*) FILTER (WHERE is_request) AS month_requests,
			coalesce(sum(tokens), 0) AS month_tokens, coalesce(sum(cost), 0) AS month_cost
		INTO used FROM (
			SELECT usage_is_request(e) AS is_request, e.created_at >= day_began AS is_today,
				e.prompt_tokens + e.completion_tokens AS tokens, coalesce(e.cost_micros, 0) AS cost
			FROM usage_events e
			WHERE e.user_id = person AND e.created_at >= month_began AND CASE
				WHEN c.holder LIKE 'key:%' THEN c.holder = 'key:' || e.key_id
				ELSE NOT EXISTS (SELECT FROM balance_entries b WHERE b.event_id = e.id) END
		) entries;
		UPDATE usage_counters u SET day = today,
			day_requests = used.day_requests + held.requests, day_tokens = used.day_tokens, day_cost = used.day_cost,
			day_held_tokens = held.tokens, day_held_cost = held.cost
		WHERE u.holder = c.holder;
		IF date_trunc('month', c.day) <> date_trunc('month', today) THEN
			UPDATE usage_counters u SET month_requests = used.month_requests + held.requests,
				month_tokens = used.month_tokens, month_cost = used.month_cost,
				month_held_tokens = held.tokens, month_held_cost = held.cost
			WHERE u.holder = c.holder;
		END IF;
	END LOOP;
END $$;
