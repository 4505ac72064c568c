// What things on the map look like: a light is always colour and shape, a heap its number. One style object for each look, made once.
import type { FeatureLike } from 'ol/Feature';
import CircleStyle from 'ol/style/Circle';
import Fill from 'ol/style/Fill';
import RegularShape from 'ol/style/RegularShape';
import Stroke from 'ol/style/Stroke';
import Style from 'ol/style/Style';
import Text from 'ol/style/Text';

export type Look = 'light' | 'dark';
const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
const INK = {
  light: { paper: '#ffffff', ink: '#1b2430', soft: '#566070', cell: '#9aa6b4', area: '#46566a', areaFill: 'rgba(10,79,163,0.04)', mark: '#0a4fa3', green: '#1a7f37', yellow: '#d29922', red: '#cf222e', none: '#6e7781' },
  dark: { paper: '#0d1520', ink: '#e8edf3', soft: '#a8b2bf', cell: '#33475c', area: '#5c7c9c', areaFill: 'rgba(64,140,220,0.07)', mark: '#79b8ff', green: '#3fb950', yellow: '#e3b341', red: '#ff6b6b', none: '#8b949e' },
} as const;

// Marks never give way to one another; and only those that say so can be hit in a layer of tiles (OpenLayers 10).
const FREE = { declutterMode: 'none' } as const;
const made = new Map<string, Style | Style[]>();
function once<T extends Style | Style[]>(key: string, make: () => T): T {
  let style = made.get(key);
  if (!style) made.set(key, (style = make()));
  return style as T;
}
const words = (look: Look, text: string, size = 12, bold = false): Text =>
  new Text({ text, font: `${bold ? 'bold ' : ''}${size}px ${FONT}`, fill: new Fill({ color: INK[look].ink }), stroke: new Stroke({ color: INK[look].paper, width: 3 }), overflow: true });

// Green a disc, yellow a triangle, red a square, no clock a ring: the shapes of the lists (ui/shapes.ts).
function shapeOf(look: Look, light: string, size: number): CircleStyle | RegularShape {
  const ink = INK[look];
  const colour = ink[(light in ink ? light : 'none') as keyof typeof ink];
  const edge = new Stroke({ color: ink.paper, width: 2 });
  if (light === 'red') return new RegularShape({ ...FREE, points: 4, radius: size * 1.3, angle: Math.PI / 4, fill: new Fill({ color: colour }), stroke: edge });
  if (light === 'yellow') return new RegularShape({ ...FREE, points: 3, radius: size * 1.4, fill: new Fill({ color: colour }), stroke: edge });
  if (light === 'green') return new CircleStyle({ ...FREE, radius: size, fill: new Fill({ color: colour }), stroke: edge });
  return new CircleStyle({ ...FREE, radius: size - 1, fill: new Fill({ color: ink.paper }), stroke: new Stroke({ color: colour, width: 3 }) });
}

export function caseStyle(look: Look) {
  return (feature: FeatureLike): Style => {
    const n = Number(feature.get('n') ?? 0);
    let light = String(feature.get('light') ?? '');
    if (!n) return once(`case ${look} ${light}`, () => new Style({ image: shapeOf(look, light, 6.5), zIndex: light === 'red' ? 3 : light === 'yellow' ? 2 : 1 }));
    // A heap is as red as most of its cases: where one red case made all of it red, every heap of a busy city would be.
    const [red, yellow] = [Number(feature.get('red') ?? 0), Number(feature.get('yellow') ?? 0)];
    if (feature.get('red') !== undefined) light = red * 2 >= n ? 'red' : (red + yellow) * 2 >= n || red ? 'yellow' : 'green';
    const size = Math.min(21, 10 + Math.log10(n) * 4);
    const ink = INK[look];
    return once(`heap ${look} ${light} ${n}`, () => new Style({
      image: new CircleStyle({ ...FREE, radius: size, fill: new Fill({ color: ink.paper }), stroke: new Stroke({ color: ink[light as 'red'] ?? ink.none, width: light === 'red' ? 4 : 3 }) }),
      text: new Text({ text: n > 9999 ? `${Math.round(n / 1000)}k` : String(n), font: `bold ${n > 999 ? 11 : 12}px ${FONT}`, fill: new Fill({ color: ink.ink }) }),
      zIndex: 4,
    }));
  };
}

export function shapeStyle(look: Look, name: (f: FeatureLike) => string, chosenCell: () => string) {
  const ink = INK[look];
  return (feature: FeatureLike, resolution: number): Style | Style[] => {
    switch (feature.get('layer')) {
      case 'cells': {
        const grid = String(feature.get('grid'));
        const place = feature.getGeometry()?.getType() === 'Point'; // its label, in the one tile its middle lies in
        if (grid === chosenCell()) return new Style({ stroke: new Stroke({ color: ink.mark, width: 3 }), fill: new Fill({ color: ink.areaFill }), text: place ? words(look, grid.slice(-3), 13, true) : undefined, zIndex: 2 });
        const label = place && resolution < 2.5 ? grid.slice(-3) : '';
        return once(`cell ${look} ${label}`, () => new Style({ stroke: new Stroke({ color: ink.cell, width: 1 }), text: label ? words(look, label, 11) : undefined }));
      }
      case 'areas': {
        const label = (feature.getGeometry()?.getType() === 'Point' || feature.get('outline')) && resolution < 60 ? name(feature) : '';
        const street = feature.get('level') === 'street';
        return once(`area ${look} ${street} ${label}`, () => new Style({ stroke: new Stroke({ color: ink.area, width: street ? 2 : 1.5, lineDash: street ? undefined : [6, 4] }), fill: new Fill({ color: ink.areaFill }), text: label ? words(look, label, street ? 14 : 12, true) : undefined }));
      }
      case 'components':
        return once(`component ${look}`, () => new Style({ image: new CircleStyle({ ...FREE, radius: 3, fill: new Fill({ color: ink.soft }) }) }));
      default: {
        const label = resolution < 20 ? name(feature) : '';
        return once(`squad ${look} ${label} ${feature.get('known')}`, () => {
          const text = label ? words(look, label, 12, true) : undefined;
          text?.setOffsetY(18);
          return new Style({ image: new RegularShape({ ...FREE, points: 4, radius: 9, fill: new Fill({ color: feature.get('known') === 'task' ? ink.mark : ink.paper }), stroke: new Stroke({ color: feature.get('known') === 'task' ? ink.paper : ink.mark, width: 2 }) }), text, zIndex: 5 });
        });
      }
    }
  };
}

// What the list points at, and the open case: a ring around the place, with the light inside.
export function markStyle(look: Look) {
  return (feature: FeatureLike): Style[] => {
    const light = String(feature.get('light') ?? '');
    const open = feature.get('ring') === 'open';
    return once(`mark ${look} ${light} ${open}`, () => [
      new Style({ image: new CircleStyle({ ...FREE, radius: open ? 17 : 14, stroke: new Stroke({ color: INK[look].mark, width: open ? 4 : 3 }) }), zIndex: 9 }),
      new Style({ image: shapeOf(look, light, 8), zIndex: 10 }),
    ]);
  };
}
