// The local day by the server's clock.
import { serverNow } from '../../core/api';
import { when } from '../../core/times';

export const today = (): string => when(serverNow()).slice(0, 10);
