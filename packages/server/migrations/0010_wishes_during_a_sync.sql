-- A wish for a comparison of everything that comes while a sync runs is the next one's, whatever this one was asked for.
ALTER TABLE sync_runs ADD COLUMN asked_again_everything boolean NOT NULL DEFAULT false;
