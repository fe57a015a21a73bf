-- The rules of coins, kept by the database even when the code is wrong.

-- Nothing more is set aside for payouts while they are frozen.
CREATE TRIGGER ledger_transfers_frozen BEFORE INSERT ON ledger_transfers WHEN NEW.kind = 'payout'
BEGIN
	SELECT RAISE(ABORT, 'payouts-frozen') WHERE EXISTS (SELECT 1 FROM ledger_stops WHERE name = 'payouts-frozen');
END;
--> statement-breakpoint

-- Each kind moves between the accounts that it is for.
CREATE TRIGGER ledger_transfers_places BEFORE INSERT ON ledger_transfers WHEN NEW.kind NOT IN ('usage', 'welcome', 'grant', 'refund')
BEGIN
	SELECT RAISE(ABORT, 'wrong-account')
	WHERE NOT COALESCE((
		SELECT CASE NEW.kind
			WHEN 'deposit' THEN NEW.debit = 4 AND c.code GLOB 'liab:user:*'
			WHEN 'float' THEN NEW.debit = 4 AND NEW.credit = 8
			WHEN 'network-fee' THEN NEW.debit = 7 AND NEW.credit = 4
			WHEN 'mature' THEN d.code GLOB 'liab:runner:*' AND c.code GLOB 'liab:owner:*'
			WHEN 'earnings-use' THEN d.code GLOB 'liab:owner:*' AND c.code GLOB 'liab:user:*'
			WHEN 'payout' THEN NEW.credit = 6 AND (d.code GLOB 'liab:owner:*' OR d.code GLOB 'liab:user:*')
			WHEN 'payout-sent' THEN NEW.debit = 6 AND NEW.credit = 4
			WHEN 'payout-back' THEN NEW.debit = 6 AND (c.code GLOB 'liab:owner:*' OR c.code GLOB 'liab:user:*' OR NEW.credit = 9)
			WHEN 'suspense' THEN NEW.debit = 4 AND NEW.credit = 9
			WHEN 'claim' THEN NEW.debit = 9 AND c.code GLOB 'liab:user:*'
			WHEN 'suspense-return' THEN NEW.debit = 9 AND NEW.credit = 6
			WHEN 'unknown-out' THEN NEW.debit = 10 AND NEW.credit = 4
			WHEN 'stars' THEN NEW.debit = 11 AND c.code GLOB 'liab:user:*'
			WHEN 'stars-back' THEN d.code GLOB 'liab:user:*' AND NEW.credit = 11
			WHEN 'sweep' THEN (NEW.debit = 4 AND NEW.credit = 5) OR (NEW.debit = 5 AND NEW.credit = 4)
			ELSE 0 END
		FROM ledger_accounts d, ledger_accounts c WHERE d.id = NEW.debit AND c.id = NEW.credit), 0);
END;
--> statement-breakpoint

-- Coins that came from outside may leave again; a welcome credit and Stars may not.
CREATE TRIGGER ledger_coins_in AFTER INSERT ON ledger_transfers WHEN NEW.kind IN ('deposit', 'claim', 'earnings-use')
BEGIN
	INSERT INTO ledger_coins (id, deposited, withdrawn) VALUES (NEW.credit, NEW.amount - NEW.fee, 0)
	ON CONFLICT (id) DO UPDATE SET deposited = deposited + NEW.amount - NEW.fee;
END;
--> statement-breakpoint
CREATE TRIGGER ledger_coins_out BEFORE INSERT ON ledger_transfers WHEN NEW.kind = 'payout'
BEGIN
	SELECT RAISE(ABORT, 'not-withdrawable')
	WHERE EXISTS (SELECT 1 FROM ledger_accounts WHERE id = NEW.debit AND code GLOB 'liab:user:*')
		AND NEW.amount > COALESCE((SELECT deposited - withdrawn FROM ledger_coins WHERE id = NEW.debit), 0);
	UPDATE ledger_coins SET withdrawn = withdrawn + NEW.amount WHERE id = NEW.debit;
END;
--> statement-breakpoint
CREATE TRIGGER ledger_coins_back AFTER INSERT ON ledger_transfers WHEN NEW.kind = 'payout-back'
BEGIN
	UPDATE ledger_coins SET withdrawn = withdrawn - NEW.amount WHERE id = NEW.credit;
END;
--> statement-breakpoint

-- A payout goes forward only, and what was ordered does not change.
CREATE TRIGGER payouts_moves BEFORE UPDATE ON payouts
BEGIN
	SELECT RAISE(ABORT, 'payout-fixed')
	WHERE OLD.state IN ('paid', 'failed')
		OR OLD.id <> NEW.id OR OLD.account_id IS NOT NEW.account_id OR OLD.source <> NEW.source OR OLD.cause <> NEW.cause
		OR OLD.destination <> NEW.destination OR OLD.amount <> NEW.amount OR OLD.fee <> NEW.fee OR OLD.created_at <> NEW.created_at
		OR (OLD.state = 'queued' AND NEW.state = 'paid');
END;
--> statement-breakpoint
CREATE TRIGGER payouts_kept BEFORE DELETE ON payouts
BEGIN
	SELECT RAISE(ABORT, 'payout-fixed');
END;
--> statement-breakpoint
-- A signed message may have reached the chain: it is never forgotten.
CREATE TRIGGER payout_variants_fixed BEFORE UPDATE ON payout_variants
BEGIN
	SELECT RAISE(ABORT, 'variant-fixed');
END;
--> statement-breakpoint
CREATE TRIGGER payout_variants_kept BEFORE DELETE ON payout_variants
BEGIN
	SELECT RAISE(ABORT, 'variant-fixed');
END;
--> statement-breakpoint

CREATE TRIGGER deposits_moves BEFORE UPDATE ON deposits
BEGIN
	SELECT RAISE(ABORT, 'deposit-fixed')
	WHERE OLD.id <> NEW.id OR OLD.sender <> NEW.sender OR OLD.amount <> NEW.amount OR OLD.at <> NEW.at
		OR NOT ((OLD.state = 'suspense' AND NEW.state IN ('claimed', 'returning'))
			OR (OLD.state = 'returning' AND NEW.state IN ('returned', 'suspense')));
END;
--> statement-breakpoint
CREATE TRIGGER deposits_kept BEFORE DELETE ON deposits
BEGIN
	SELECT RAISE(ABORT, 'deposit-fixed');
END;
--> statement-breakpoint

CREATE TRIGGER hot_wallet_moves BEFORE UPDATE ON hot_wallet
BEGIN
	SELECT RAISE(ABORT, 'hot-wallet-order')
	WHERE NEW.epoch < OLD.epoch OR NEW.seqno < OLD.seqno OR OLD.address <> NEW.address
		OR CAST(NEW.last_lt AS INTEGER) < CAST(OLD.last_lt AS INTEGER);
END;
--> statement-breakpoint
CREATE TRIGGER star_payments_moves BEFORE UPDATE ON star_payments
BEGIN
	SELECT RAISE(ABORT, 'star-payment-fixed')
	WHERE NOT (OLD.state = 'paid' AND NEW.state = 'refunded') OR OLD.id <> NEW.id OR OLD.account_id <> NEW.account_id
		OR OLD.stars <> NEW.stars OR OLD.amount <> NEW.amount;
END;

--> statement-breakpoint

-- A wallet belongs to one account, also while it waits for its day.
CREATE TRIGGER wallets_free_new BEFORE INSERT ON wallets
BEGIN
	SELECT RAISE(ABORT, 'wallet-taken')
	WHERE EXISTS (SELECT 1 FROM wallets WHERE account_id <> NEW.account_id AND address IN (NEW.address, NEW.next_address))
		OR EXISTS (SELECT 1 FROM wallets WHERE account_id <> NEW.account_id AND next_address IN (NEW.address, NEW.next_address));
END;
--> statement-breakpoint
CREATE TRIGGER wallets_free_changed BEFORE UPDATE ON wallets
BEGIN
	SELECT RAISE(ABORT, 'wallet-taken')
	WHERE EXISTS (SELECT 1 FROM wallets WHERE account_id <> NEW.account_id AND address IN (NEW.address, NEW.next_address))
		OR EXISTS (SELECT 1 FROM wallets WHERE account_id <> NEW.account_id AND next_address IN (NEW.address, NEW.next_address));
END;
--> statement-breakpoint
-- A nonce that was used stays used.
CREATE TRIGGER proof_nonces_used BEFORE UPDATE ON proof_nonces
BEGIN
	SELECT RAISE(ABORT, 'used-nonce') WHERE OLD.used_at IS NOT NULL OR OLD.hash <> NEW.hash OR OLD.account_id <> NEW.account_id;
END;
--> statement-breakpoint

-- What was gone through stays so: below a cursor every job has ended, and none begins.
INSERT INTO ledger_cursors (name, up_to) VALUES ('matured', 'job_'), ('summed', 'job_');
--> statement-breakpoint
CREATE TRIGGER ledger_cursors_order BEFORE UPDATE ON ledger_cursors
BEGIN
	SELECT RAISE(ABORT, 'cursor-order')
	WHERE NEW.name <> OLD.name OR NEW.up_to < OLD.up_to
		OR EXISTS (SELECT 1 FROM jobs WHERE id >= OLD.up_to AND id < NEW.up_to AND state IN ('queued', 'running'));
END;
--> statement-breakpoint
CREATE TRIGGER ledger_cursors_kept BEFORE DELETE ON ledger_cursors
BEGIN
	SELECT RAISE(ABORT, 'cursor-order');
END;
--> statement-breakpoint
CREATE TRIGGER jobs_fresh BEFORE INSERT ON jobs
BEGIN
	SELECT RAISE(ABORT, 'job-too-old') WHERE NEW.id < (SELECT MAX(up_to) FROM ledger_cursors);
END;
