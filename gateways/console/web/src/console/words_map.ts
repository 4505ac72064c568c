// The words of map and list beside each other, [Chinese, English].
import { addWords } from '../core/i18n';

export const DESK_MAP_WORDS: Record<string, readonly [string, string]> = {
  map: ['地图', 'Map'],
  map_beside: ['旁边显示地图 (v)', 'Map beside the list (v)'],
  map_hide: ['收起地图 (v)', 'Hide the map (v)'],
  map_chosen: ['框选了 {n} 件', '{n} chosen in the box'],
  map_box_help: ['按住 Shift 拖动可框选案件', 'Shift and drag chooses the cases in a box'],
  map_open: ['打开案件', 'Open the case'],
  map_here: ['只看这一片的案件', 'List the cases of this part'],
  map_pick: ['在地图上选位置', 'Pick the place on the map'],
  k_map: ['到地图', 'To the map'],
  k_fly: ['地图移到当前案件', 'Bring the map to this case'],
};
addWords(DESK_MAP_WORDS);
