import type { KeyRow } from '../store/ledger.ts';
import { placeOf } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import type { AlertCode } from './events.ts';
import type { OutsideNotice } from './plan/types.ts';

type About = { source: { path: string }; user: { username: string } };

/** Tells people that something needs their eyes: one line at level error, and one event for metrics. Call it after the commit. */
export function raiseAlert(
  deps: Pick<GrantsDeps, 'log' | 'onEvent'>,
  code: AlertCode,
  about: About & { grantId?: string; keyId?: string },
  message: string,
): void {
  const { grantId, keyId } = about;
  deps.log.error({ alert: code, grantId, keyId }, `${placeOf(about)}: ${message}`);
  deps.onEvent?.({ kind: 'alert', code });
}

/** Alerts for what others did to a row of ours that gives more than was granted (S12, S13). */
export function alertOutside(deps: GrantsDeps, key: KeyRow, notices: readonly OutsideNotice[]): void {
  for (const { code, message } of notices) {
    if (code === 'TAMPERED') raiseAlert(deps, 'TAMPERED', { ...key, keyId: key.id }, message);
    if (code === 'RAISED') raiseAlert(deps, 'OUTSIDE_RAISE', { ...key, keyId: key.id }, message);
  }
}
