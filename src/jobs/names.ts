/** The schema that holds the queue's own tables, beside Gatehouse's. */
export const JOBS_SCHEMA = 'jobs';

/** One job: look at one key. Its data is `{ keyId }`. */
export const RECONCILE_QUEUE = 'reconcile';
