// The map's words, [Chinese, English].
import { addWords } from '../core/i18n';

export const MAP_WORDS: Record<string, readonly [string, string]> = {
  map: ['地图', 'Map'],
  map_label: ['案件地图，方向键移动，加减号缩放', 'Map of cases; arrows move it, plus and minus zoom'],
  map_in: ['放大', 'Zoom in'],
  map_out: ['缩小', 'Zoom out'],
  map_whole: ['全区', 'Whole district'],
  map_layers: ['图层', 'Layers'],
  map_approval: ['审图号：{no}', 'Map approval: {no}'],
  map_failed: ['地图没有加载成功', 'The map could not be loaded'],
  map_old: ['地图数据暂未更新', 'The map is not up to date'],
  map_no_place: ['这件案件没有可用的位置', 'This case has no usable place'],
  layer_cases: ['案件', 'Cases'],
  layer_squads: ['中队', 'Squads'],
  layer_areas: ['街道社区', 'Areas'],
  layer_cells: ['单元网格', 'Unit grids'],
  layer_components: ['部件', 'Components'],
  squad_task: ['{name}：最近签收的案件处（{t}）', '{name}: at the case it signed for last ({t})'],
  squad_seat: ['{name}：驻地', '{name}: its seat'],
  map_heap: ['{n} 件，红灯 {red}，黄灯 {yellow}', '{n} cases, {red} red, {yellow} yellow'],
};
addWords(MAP_WORDS);
