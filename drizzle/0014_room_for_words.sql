-- needs level 1
-- `tokens_left` is there wherever tokens or money limit an answer, no longer for tokens alone.
CREATE OR REPLACE FUNCTION usage_room(
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
			-- Money limits words as well, as far as they cost any.
			IF w.unit = 'tokens' THEN tokens_left := least(tokens_left, room);
			ELSIF w.unit = 'cost' AND completion_price > 0 AND wanted > 0 THEN
				tokens_left := least(tokens_left, least(trunc(room::numeric * 1000000 / completion_price), 1e15)::bigint);
			END IF;
		END IF;
	END LOOP;
	IF refusal IS NOT NULL THEN granted := 0; END IF;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION usage_reserve(
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
	payable bigint;
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
				payable := least(trunc(paid::numeric * 1000000 / completion_price), 1e15)::bigint;
				paid := least(wanted, payable);
			ELSIF paid > 0 THEN paid := wanted; END IF;
			IF paid > granted THEN
				purse := NULL; granted := paid; refusal := NULL; tokens_left := least(tokens_left, payable);
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
