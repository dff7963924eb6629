/** The secret that a GitLab presents with its hooks. */
export type HookSecretsTable = {
  connection_id: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  rotated_at: Date;
};
