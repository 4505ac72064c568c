// What the console shows beside the queue: one row a view. A new page is a row here, a file of its own and its words; the navigation,
// the address (`/?view=ID`) and who sees it follow. The server refuses whatever the page would show to the wrong person.
import { type Component, defineAsyncComponent } from 'vue';
import { STATISTICS_READERS } from '../core/codes';
import { PUBLISHERS } from './month/roles';

export interface View {
  id: string;
  group: 'desk' | 'supervise' | 'month' | 'manage'; // its words are `group_ID`
  title: string; // a key of the words
  roles?: readonly string[]; // who is shown it; everybody when left out
  page?: Component; // fetched when it is opened; none for the queue itself
}
type Fetch = () => Promise<{ default: Component }>;
const lazy = (fetch: Fetch): Component => defineAsyncComponent(fetch);

// Administrators of the house have no case before them (ARCHITECTURE, the doors' case_readers).
const HOUSE = ['sys_admin', 'sec_admin', 'catalogue_admin', 'reporter'];
const ACCOUNTS = ['sys_admin', 'sec_admin', 'auditor'];
export const INTAKE = ['hotline_agent', 'acceptor'];
export const VIEWS: readonly View[] = [
  { id: 'cases', group: 'desk', title: 'cases' },
  { id: 'map', group: 'desk', title: 'map', page: lazy(() => import('./MapView.vue')) },
  { id: 'intake', group: 'desk', title: 'intake', roles: INTAKE, page: lazy(() => import('./IntakeForm.vue')) },
  { id: 'closure', group: 'month', title: 'closure', roles: STATISTICS_READERS, page: lazy(() => import('./ClosureTable.vue')) },
  { id: 'accounts', group: 'manage', title: 'accounts', roles: ACCOUNTS, page: lazy(() => import('../account/AccountsPage.vue')) },
  { id: 'audit', group: 'manage', title: 'audit', roles: ['auditor'], page: lazy(() => import('../account/AuditPage.vue')) },
  { id: 'indicators', group: 'month', title: 'nav_indicators', roles: STATISTICS_READERS, page: lazy(() => import('./Indicators.vue')) },
  { id: 'evaluation', group: 'month', title: 'nav_evaluation', roles: STATISTICS_READERS, page: lazy(() => import('./Evaluation.vue')) },
  { id: 'settlement', group: 'month', title: 'nav_settlement', roles: PUBLISHERS, page: lazy(() => import('./Settlement.vue')) },
  { id: 'month', group: 'month', title: 'nav_month', roles: STATISTICS_READERS, page: lazy(() => import('./MonthState.vue')) },
];
export const GROUPS = ['desk', 'supervise', 'month', 'manage'] as const;
export const mayView = (view: View, role?: string): boolean => (view.roles ? !!role && view.roles.includes(role) : view.id !== 'cases' || !HOUSE.includes(role ?? ''));
export const viewOf = (id: string | null): View => VIEWS.find((view) => view.id === id) ?? VIEWS[0];
