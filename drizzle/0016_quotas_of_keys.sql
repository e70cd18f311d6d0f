-- needs level 1
-- As before, and what was let through far from every limit, with no room held for it, counts for its key too. A key
-- without limits of its own has no counters: what it uses is in the ledger.
CREATE OR REPLACE FUNCTION usage_settle(e usage_events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	r usage_reservations;
	request bigint := usage_is_request(e)::integer;
	tokens bigint := e.prompt_tokens + e.completion_tokens;
	cost bigint := coalesce(e.cost_micros, 0);
	zone text;
	on_day date;
BEGIN
	IF e.kind NOT IN ('title', 'summary') THEN
		DELETE FROM usage_reservations u WHERE u.id = coalesce(e.turn_id, e.id) RETURNING * INTO r;
	END IF;
	IF r.id IS NULL THEN
		SELECT o.timezone INTO zone FROM quota_overrides o WHERE o.user_id = e.user_id;
		on_day := CASE WHEN zone IS NULL THEN coalesce(e.local_at, e.created_at AT TIME ZONE 'UTC')
			ELSE e.created_at AT TIME ZONE zone END::date;
		PERFORM usage_count(CASE WHEN e.user_id IS NULL THEN 'anonymous' ELSE 'user:' || e.user_id END, e.user_id, on_day,
			request, tokens, cost, 0, 0);
		-- After the person's, as everywhere: two that count do not wait for each other in a circle.
		IF e.key_id IS NOT NULL
			AND EXISTS (SELECT FROM api_keys k WHERE k.id = e.key_id AND jsonb_strip_nulls(k.limits) <> '{}') THEN
			PERFORM usage_count('key:' || e.key_id, e.user_id, on_day, request, tokens, cost, 0, 0);
		END IF;
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
