-- Enrollments in one state, newest first, however few of all they are (D1). One index for each state: with one for all,
-- PostgreSQL takes the states to be mixed and walks the newest of the others first.
CREATE INDEX enrollments_authenticated ON enrollments (id) WHERE state = 'authenticated';
CREATE INDEX enrollments_enrolled ON enrollments (id) WHERE state = 'enrolled';
CREATE INDEX enrollments_left ON enrollments (id) WHERE state = 'left';
