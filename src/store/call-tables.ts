/** What all processes have taken of one of GitLab's limits in its window; both times of GitLab's clock. */
type CallWindowsTable = {
  connection_id: string;
  name: string;
  window_at: Date;
  taken: number;
  /** What the last one to ask was given. */
  granted: number;
  /** Of those taken, what GitLab is known to have let pass. */
  passed: number;
  shut_until: Date | null;
  touched_at: Date;
};

/** The processes that work on a connection. */
type CallSharersTable = { connection_id: string; owner: string; seen_at: Date };

/** What is shared of GitLab's limits. */
export type CallTables = { call_windows: CallWindowsTable; call_sharers: CallSharersTable };
