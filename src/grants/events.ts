/** What an alert is about; it names a problem that a person should look at. */
export type AlertCode = 'OVERDUE' | 'LAST_OWNER' | 'TAMPERED' | 'OUTSIDE_RAISE' | 'SOURCE_UNREADABLE' | 'NOT_IN_FORCE';

/** What the reconciler tells of itself, for metrics. It is told after what it tells of was stored, and nothing waits for it. */
export type GrantEvent =
  /** One run over a key; `busy`: somebody else held its lease. */
  | { kind: 'reconciled'; outcome: 'done' | 'busy' | 'failed'; durationMs: number }
  /** A grant whose time was up is proven to be over, so long after its due time. */
  | { kind: 'expiryVerified'; lateMs: number }
  /** A person should look at this. */
  | { kind: 'alert'; code: AlertCode };
