import type { AccessResolvers } from '../generated/resolvers.ts';
import { accessLevelOf } from './access-level.ts';

export const access: AccessResolvers = {
  accessLevel: ({ accessLevelValue }) => accessLevelOf(accessLevelValue),
};
