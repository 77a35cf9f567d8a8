-- Sweeps: every few minutes a location's counts and the changes since the last look are read. What does not add up is
-- read anew, asset by asset, and what was found becomes lines of the ledger under the sync that found them.

ALTER TABLE locations
  -- When the next sweep is due, and when the last one ended well.
  ADD COLUMN next_sweep_at timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN swept_at timestamptz,
  -- Why the last sweep could not be done; null once one was.
  ADD COLUMN sweep_problem_code text,
  ADD COLUMN sweep_problem_detail text,
  -- When every license was last compared with Apple's, one by one.
  ADD COLUMN compared_at timestamptz,
  -- Apple told of a change of users: the next sweep reads them too.
  ADD COLUMN users_doubted boolean NOT NULL DEFAULT false,
  DROP COLUMN licenses_changed_at;
CREATE INDEX locations_next_sweep ON locations (next_sweep_at);

ALTER TABLE assets
  -- Whether our list of holders may be wrong. sync: somebody else changed it, as a notification told, and the next sync
  -- reads it anew. now: it cannot be right, and the next sweep does.
  ADD COLUMN doubt text CHECK (doubt IN ('sync', 'now')),
  ADD COLUMN doubted_at timestamptz,
  -- Apple's count minus ours although both lists were found to be the same; such a difference raises no doubt again.
  ADD COLUMN count_gap integer NOT NULL DEFAULT 0,
  ADD CHECK ((doubt IS NULL) = (doubted_at IS NULL));
CREATE INDEX assets_doubted ON assets (location_id) WHERE doubt IS NOT NULL;

ALTER TABLE sync_runs DROP CONSTRAINT sync_runs_cause_check;
ALTER TABLE sync_runs
  ADD CONSTRAINT sync_runs_cause_check CHECK (cause IN ('first', 'schedule', 'administrator', 'drift', 'sweep')),
  -- Every license one by one, or only what changed since the last look.
  ADD COLUMN scope text NOT NULL DEFAULT 'everything' CHECK (scope IN ('changes', 'everything')),
  -- What was asked for: an administrator may want everything compared.
  ADD COLUMN wants_everything boolean NOT NULL DEFAULT false,
  -- Assets whose holders were read anew because the counts did not add up.
  ADD COLUMN assets_reread integer NOT NULL DEFAULT 0;

-- The sync that found the change; null for what operations and notifications tell.
ALTER TABLE ledger ADD COLUMN sync_run_id uuid;
CREATE INDEX ledger_sync_run ON ledger (sync_run_id, id) WHERE sync_run_id IS NOT NULL;
