// Words of the fields of actions, [Chinese, English]: fetched with the form.
import { addWords } from './i18n';

export const FORM_WORDS: Record<string, readonly [string, string]> = {
  f_reason: ['原因', 'Reason'],
  f_opinion: ['意见', 'Opinion'],
  f_result: ['结果', 'Result'],
  f_photos: ['照片', 'Photos'],
  f_unit: ['处置单位', 'Unit'],
  f_squad: ['中队', 'Squad'],
  f_holder: ['办理人', 'Holder'],
  f_condition: ['立案条件', 'Filing condition'],
  f_closing_condition: ['结案条件', 'Closing condition'],
  f_category: ['类别', 'Category'],
  f_address: ['地址', 'Address'],
  f_lon: ['经度', 'Longitude'],
  f_lat: ['纬度', 'Latitude'],
  f_component_id: ['部件编号', 'Component'],
  f_check_mode: ['核查方式', 'Check mode'],
  f_text: ['备注', 'Note'],
  f_at: ['发生时间', 'Time'],
  f_version: ['版本', 'Version'],
  f_command_id: ['命令编号', 'Command id'],
  f_epoch: ['派发次序', 'Epoch'],
  f_until: ['截止到', 'Until'],
  f_assist: ['协办单位', 'Assisting units'],
  f_request_id: ['申请', 'Request'],
  f_into: ['主案卷案号', 'Master case number'],
  f_number: ['文号', 'Number'],
  f_satisfaction: ['满意度', 'Satisfaction'],
  f_as_rule: ['今后同类案卷照此派遣', 'Rule for such cases to come'],
  f_milestone: ['执法进度', 'Enforcement step'],
};
addWords(FORM_WORDS);
