import { z } from 'zod';

import type { Settings } from '../model/index.ts';

/** What `POST /sandbox/settings` takes: any of the settings, the rest stays. */
export const settingsChange = z
  .strictObject({
    edition: z.enum(['ee', 'ce']),
    plan: z.enum(['free', 'premium', 'ultimate']),
    version: z.string(),
    revision: z.string(),
    adminMode: z.boolean(),
    rateLimits: z.boolean(),
    throttle: z.object({ requests: z.number().positive(), periodSeconds: z.number().positive() }).nullable(),
    timeZone: z.string(),
    authorizationDelayMs: z.number().nonnegative(),
    deletionDelayMs: z.number().nonnegative(),
    deletionRetentionDays: z.number().int().nonnegative(),
    promotionApproval: z.boolean(),
    requireTokenExpiry: z.boolean(),
    maxTokenDays: z.number().int().positive(),
    ownersCreateServiceAccounts: z.boolean(),
    ownersDeleteServiceAccounts: z.boolean(),
    serviceTokensExpiryEnforced: z.boolean(),
    ldapMembershipLock: z.boolean(),
    samlMembershipLock: z.boolean(),
    inviteLimitPerDay: z.number().int().nonnegative().nullable(),
    dormantDays: z.number().int().nonnegative(),
    externalUrl: z.url().nullable(),
  } satisfies Record<keyof Settings, z.ZodType>)
  .partial();

export type SettingsChange = Partial<Settings>;

/** Changes settings in place, so that whoever holds them sees the new ones. */
export function changeSettings(settings: Settings, change: SettingsChange): Settings {
  return Object.assign(settings, change);
}
