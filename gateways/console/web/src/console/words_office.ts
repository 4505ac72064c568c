// Titles of the pages beside the desk (src/office), which the navigation says before any of them is fetched.
import { addWords } from '../core/i18n';

export const OFFICE_TITLES: Record<string, readonly [string, string]> = {
  v_approvals: ['审批', 'Approvals'],
  v_orders: ['督办与批示', 'Orders'],
  v_escalations: ['升级提醒', 'Escalations'],
  v_coordination: ['协调台', 'Coordination'],
  v_suspicions: ['可疑情形', 'Suspicious patterns'],
  v_hotline: ['热线工单', 'Hotline orders'],
  v_campaigns: ['专项任务', 'Campaigns'],
  v_plans: ['应急预案', 'Emergency plans'],
  v_attendance: ['采集考勤', 'Attendance'],
  v_coverage: ['巡查覆盖', 'Patrol coverage'],
  v_rules: ['派遣规则', 'Routing rules'],
  v_catalogue: ['事项目录', 'Catalogue'],
  v_calendar: ['工作日历', 'Calendars'],
  v_roster: ['采集排班', 'Duty rosters'],
  v_part: ['权责与其他', 'Lists'],
  v_switches: ['城市开关', 'City switches'],
  v_units: ['部门与中队', 'Units and squads'],
};
addWords(OFFICE_TITLES);
