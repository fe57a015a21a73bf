-- The rules of money, kept by the database even when the code is wrong. A broken rule aborts the whole batch, and its
-- message is the reason that the code reads.

-- Fixed accounts. Ids up to 99 are the network's own.
INSERT INTO ledger_accounts (id, code, side, debits, credits, held) VALUES
	(1, 'rev:commission', 'credit', 0, 0, 0),
	(2, 'exp:welcome', 'debit', 0, 0, 0),
	(3, 'exp:goodwill', 'debit', 0, 0, 0),
	(4, 'asset:hot', 'debit', 0, 0, 0),
	(5, 'asset:cold', 'debit', 0, 0, 0),
	(6, 'liab:payout_inflight', 'credit', 0, 0, 0),
	(7, 'exp:network_fee', 'debit', 0, 0, 0),
	(8, 'equity:float', 'credit', 0, 0, 0),
	(9, 'suspense:deposit', 'credit', 0, 0, 0),
	(10, 'suspense:unknown_out', 'debit', 0, 0, 0),
	(11, 'asset:stars', 'debit', 0, 0, 0);
--> statement-breakpoint

-- Transfers are written once, and move the sums of the accounts that they name.
CREATE TRIGGER ledger_transfers_fixed BEFORE UPDATE ON ledger_transfers
BEGIN
	SELECT RAISE(ABORT, 'transfer-fixed');
END;
--> statement-breakpoint
CREATE TRIGGER ledger_transfers_kept BEFORE DELETE ON ledger_transfers
BEGIN
	SELECT RAISE(ABORT, 'transfer-fixed');
END;
--> statement-breakpoint
CREATE TRIGGER ledger_transfers_covered BEFORE INSERT ON ledger_transfers
BEGIN
	-- Pay for usage comes with the end of its job, from the account that asked: an id is `<job>/earn/<attempt>`.
	SELECT RAISE(ABORT, 'no-such-job')
	WHERE NEW.kind = 'usage' AND NOT EXISTS (
		SELECT 1 FROM jobs
		WHERE id = substr(NEW.id, 1, 29) AND account_id = NEW.debit AND ended_at = NEW.at AND NEW.amount <= charge);
	SELECT RAISE(ABORT, 'insufficient-funds')
	WHERE NEW.amount > COALESCE((
		SELECT CASE side WHEN 'debit' THEN NEW.amount ELSE
			credits - debits - held
				- COALESCE((SELECT SUM(held) FROM api_keys WHERE account_id = NEW.debit), 0)
		END FROM ledger_accounts WHERE id = NEW.debit), -1);
END;
--> statement-breakpoint
CREATE TRIGGER ledger_transfers_post AFTER INSERT ON ledger_transfers
BEGIN
	UPDATE ledger_accounts SET debits = debits + NEW.amount WHERE id = NEW.debit;
	UPDATE ledger_accounts SET credits = credits + NEW.amount - NEW.fee WHERE id = NEW.credit AND NEW.amount > NEW.fee;
	UPDATE ledger_accounts SET credits = credits + NEW.fee WHERE id = 1 AND NEW.fee > 0;
END;
--> statement-breakpoint

-- A job's row is its hold: it comes only when the account, and the key's limits, cover it.
CREATE TRIGGER jobs_covered BEFORE INSERT ON jobs
BEGIN
	SELECT RAISE(ABORT, 'job-state') WHERE NEW.state NOT IN ('queued', 'running');
	SELECT RAISE(ABORT, 'insufficient-funds')
	WHERE NEW.hold > COALESCE((
		SELECT credits - debits - held
			- COALESCE((SELECT SUM(held) FROM api_keys WHERE account_id = NEW.account_id), 0)
		FROM ledger_accounts WHERE id = NEW.account_id AND side = 'credit'), -1);
	SELECT RAISE(ABORT, 'key-limit-reached')
	WHERE NEW.key_id IS NOT NULL AND NOT EXISTS (
		SELECT 1 FROM api_keys
		WHERE id = NEW.key_id AND account_id = NEW.account_id AND revoked_at IS NULL
			AND (limit_day IS NULL OR NEW.hold + held
				+ CASE WHEN day = NEW.created_at / 86400000 THEN spent_day ELSE 0 END <= limit_day)
			AND (limit_month IS NULL OR NEW.hold + held
				+ CASE WHEN month = CAST(strftime('%Y%m', NEW.created_at / 1000, 'unixepoch') AS INTEGER)
					THEN spent_month ELSE 0 END <= limit_month));
END;
--> statement-breakpoint
CREATE TRIGGER jobs_hold AFTER INSERT ON jobs WHEN NEW.hold > 0
BEGIN
	UPDATE ledger_accounts SET held = held + NEW.hold WHERE id = NEW.account_id AND NEW.key_id IS NULL;
	UPDATE api_keys SET held = held + NEW.hold WHERE id = NEW.key_id;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_moves BEFORE UPDATE ON jobs
BEGIN
	SELECT RAISE(ABORT, 'job-ended') WHERE OLD.state NOT IN ('queued', 'running');
	SELECT RAISE(ABORT, 'job-state')
	WHERE (OLD.state = 'running' AND NEW.state = 'queued')
		OR OLD.id <> NEW.id OR OLD.account_id <> NEW.account_id OR OLD.key_id IS NOT NEW.key_id
		OR OLD.model <> NEW.model OR OLD.shard <> NEW.shard OR OLD.hold <> NEW.hold OR OLD.price_input <> NEW.price_input OR OLD.price_output <> NEW.price_output;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_release AFTER UPDATE OF state ON jobs WHEN NEW.state NOT IN ('queued', 'running')
BEGIN
	UPDATE ledger_accounts SET held = held - OLD.hold
	WHERE id = OLD.account_id AND OLD.key_id IS NULL AND OLD.hold > 0;
	UPDATE api_keys SET
		held = held - OLD.hold,
		spent = spent + NEW.charge,
		spent_day = CASE WHEN day = NEW.ended_at / 86400000 THEN spent_day ELSE 0 END + NEW.charge,
		day = NEW.ended_at / 86400000,
		spent_month = CASE WHEN month = CAST(strftime('%Y%m', NEW.ended_at / 1000, 'unixepoch') AS INTEGER)
			THEN spent_month ELSE 0 END + NEW.charge,
		month = CAST(strftime('%Y%m', NEW.ended_at / 1000, 'unixepoch') AS INTEGER),
		last_used_at = NEW.ended_at
	WHERE id = OLD.key_id;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_kept BEFORE DELETE ON jobs
BEGIN
	SELECT RAISE(ABORT, 'job-fixed');
END;
