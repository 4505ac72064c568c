// The one place that knows OpenLayers. Canvas only. Takes bytes from whoever knows how we are signed in.
import OlMap from 'ol/Map';
import View from 'ol/View';
import Feature from 'ol/Feature';
import type { FeatureLike } from 'ol/Feature';
import type VectorTile from 'ol/VectorTile';
import MVT from 'ol/format/MVT';
import GeoJSON from 'ol/format/GeoJSON';
import Point from 'ol/geom/Point';
import DragBox from 'ol/interaction/DragBox';
import { defaults } from 'ol/interaction/defaults';
import { platformModifierKeyOnly, shiftKeyOnly } from 'ol/events/condition';
import TileLayer from 'ol/layer/Tile';
import VectorLayer from 'ol/layer/Vector';
import VectorTileLayer from 'ol/layer/VectorTile';
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj';
import type ImageTile from 'ol/ImageTile';
import TileState from 'ol/TileState';
import VectorSource from 'ol/source/Vector';
import VectorTileSource from 'ol/source/VectorTile';
import XYZ from 'ol/source/XYZ';
import { createXYZ } from 'ol/tilegrid';
import { type Look, caseStyle, markStyle, shapeStyle } from './styles';

export interface Spot {
  lon: number;
  lat: number;
  light?: string | null;
  ring?: 'open' | 'hot'; // how it is marked
}
export interface Hit {
  layer: string;
  lon: number;
  lat: number;
  tags: Record<string, any>;
}
export interface BaseMap {
  url: string;
  attribution: string;
  approval_number: string;
  zoom_most: number;
}
export interface PortOptions {
  target: HTMLElement;
  look: Look;
  layers: string[]; // of tiles, the lowest first
  live: string[]; // those looked at again by refresh()
  base?: BaseMap | null;
  load(path: string): Promise<ArrayBuffer | null>; // null: nothing there
  nameOf(feature: { get(key: string): any }): string;
  hit(hit: Hit | null): void;
  click?(lon: number, lat: number): void;
  hover(hit: Hit | null): void;
  box?(west: number, south: number, east: number, north: number): void;
  moved?(lon: number, lat: number, zoom: number): void;
  failed(yes: boolean): void;
}
const WORLD = 'EPSG:3857';
const LEAST = 8,
  MOST = 20;

export class CityMap {
  private readonly map: OlMap;
  private readonly layers = new Map<string, VectorTileLayer>();
  private readonly marks = new VectorLayer({ source: new VectorSource<Feature>(), zIndex: 50, updateWhileAnimating: true });
  private readonly spots = new VectorLayer({ source: new VectorSource<Feature>(), zIndex: 40 });
  private readonly outline = new VectorLayer({ source: new VectorSource<Feature>(), zIndex: 5 });
  private turn = 0;
  private cell = '';
  private pointed = '';

  constructor(private readonly options: PortOptions) {
    const { target, base, layers } = options;
    // No picture of a loading tile fades in: an operator looks at where things are, not at how they come.
    this.map = new OlMap({
      target,
      controls: [],
      interactions: defaults({ altShiftDragRotate: false, pinchRotate: false, shiftDragZoom: false }),
      view: new View({ center: fromLonLat([116.6, 35.4]), zoom: 12, minZoom: LEAST, maxZoom: MOST, enableRotation: false, constrainResolution: false, smoothResolutionConstraint: false }),
    });
    if (base) this.map.addLayer(this.ground(base));
    layers.forEach((name, index) => this.map.addLayer(this.tiles(name, 10 + index)));
    for (const layer of [this.outline, this.spots, this.marks]) this.map.addLayer(layer);
    this.dress(options.look);
    this.map.on('loadstart', () => target.setAttribute('aria-busy', 'true'));
    this.map.on('loadend', () => target.removeAttribute('aria-busy'));
    this.map.on('singleclick', (event) => {
      const [lon, lat] = toLonLat(event.coordinate);
      options.click?.(lon, lat);
      options.hit(this.find(event.pixel));
    });
    this.map.on('pointermove', (event) => {
      if (event.dragging) return;
      const found = this.find(event.pixel);
      const key = found ? JSON.stringify([found.layer, found.tags.case_no ?? found.tags.squad ?? found.tags.grid, found.tags.n]) : '';
      target.style.cursor = found ? 'pointer' : '';
      if (key === this.pointed) return;
      this.pointed = key;
      options.hover(found);
    });
    this.map.on('moveend', () => {
      const view = this.map.getView();
      const [lon, lat] = toLonLat(view.getCenter()!);
      options.moved?.(lon, lat, view.getZoom()!);
    });
    if (options.box) {
      const drag = new DragBox({ condition: (event) => shiftKeyOnly(event) || platformModifierKeyOnly(event), className: 'map-drag' });
      drag.on('boxend', () => {
        const [west, south, east, north] = transformExtent(drag.getGeometry().getExtent(), WORLD, 'EPSG:4326');
        options.box!(west, south, east, north);
      });
      this.map.addInteraction(drag);
    }
  }

  private ground(base: BaseMap): TileLayer {
    const source = new XYZ({
      maxZoom: base.zoom_most,
      transition: 0,
      url: base.url,
      tileLoadFunction: (tile, url) => {
        // The server fetches a few at a time and says 503 to the others meanwhile: they are asked for again.
        const ask = (again: number): Promise<ArrayBuffer | null> =>
          this.options.load(url).catch((error) => {
            if (!again || error?.status !== 503) throw error;
            return new Promise((wake) => setTimeout(wake, 300 + Math.random() * 700)).then(() => ask(again - 1));
          });
        ask(8).then(
          (bytes) => {
            const image = (tile as ImageTile).getImage() as HTMLImageElement;
            const address = URL.createObjectURL(new Blob([bytes ?? new ArrayBuffer(0)]));
            image.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
            image.addEventListener('error', () => URL.revokeObjectURL(address), { once: true });
            image.src = address;
          },
          () => tile.setState(TileState.ERROR), // the city's own layers stand without their ground
        );
      },
    });
    return new TileLayer({ source, zIndex: 0, className: 'map-ground' }); // a canvas of its own: map.css darkens it
  }

  private tiles(name: string, zIndex: number): VectorTileLayer {
    const source = new VectorTileSource({
      format: new MVT({ layerName: 'layer' }),
      tileGrid: createXYZ({ tileSize: 512, minZoom: LEAST - 1, maxZoom: MOST - 1 }),
      transition: 0,
      url: `/api/v1/tiles/${name}/{z}/{x}/{y}.mvt`,
      tileLoadFunction: (tile, url) => {
        const vector = tile as VectorTile<any>;
        vector.setLoader((extent, _, projection) => {
          this.options.load(url).then(
            (bytes) => {
              this.options.failed(false);
              vector.setFeatures(bytes && bytes.byteLength ? vector.getFormat().readFeatures(bytes, { extent, featureProjection: projection }) : []);
            },
            () => {
              this.options.failed(true);
              vector.setState(TileState.ERROR);
            },
          );
        });
      },
    });
    const layer = new VectorTileLayer({ source, zIndex, declutter: name === 'areas' || name === 'cells' ? name : false, renderBuffer: 64 });
    this.layers.set(name, layer);
    return layer;
  }

  private find(pixel: number[]): Hit | null {
    let found: Hit | null = null;
    this.map.forEachFeatureAtPixel(
      pixel,
      (feature: FeatureLike) => {
        const tags = { ...feature.getProperties() };
        if (tags.ring || tags.outline) return false;
        delete tags.geometry;
        const layer = tags.spot ? 'spots' : String(tags.layer ?? '');
        const at = feature.getGeometry()?.getExtent();
        const [lon, lat] = at ? toLonLat([(at[0] + at[2]) / 2, (at[1] + at[3]) / 2]) : toLonLat(this.map.getCoordinateFromPixel(pixel));
        found = { layer, lon, lat, tags };
        return layer !== 'areas' && layer !== 'cells';
      },
      { hitTolerance: 5 },
    );
    return found;
  }

  dress(look: Look): void {
    const shape = shapeStyle(look, this.options.nameOf, () => this.cell);
    for (const [name, layer] of this.layers) layer.setStyle(name === 'cases' ? caseStyle(look) : shape);
    this.marks.setStyle(markStyle(look));
    this.spots.setStyle(caseStyle(look));
    this.outline.setStyle(shape);
  }

  show(name: string, yes: boolean): void {
    this.layers.get(name)?.setVisible(yes);
  }

  // Looks again at what lives; what is shown stays until the new is there.
  refresh(): void {
    this.turn += 1;
    for (const name of this.options.live) {
      const source = this.layers.get(name)?.getSource();
      source?.setUrl(`/api/v1/tiles/${name}/{z}/{x}/{y}.mvt?t=${this.turn}`);
    }
  }

  mark(spots: Spot[]): void {
    this.put(this.marks, spots.map((spot) => ({ ...spot, ring: spot.ring ?? 'hot' })));
  }
  // Points of the page's own, where it has no tiles.
  points(spots: (Spot & Record<string, any>)[]): void {
    this.put(this.spots, spots.map((spot) => ({ ...spot, spot: true })));
  }
  private put(layer: VectorLayer, spots: Record<string, any>[]): void {
    const source = layer.getSource() as VectorSource<Feature>;
    source.clear(true);
    source.addFeatures(spots.map(({ lon, lat, ...tags }) => new Feature({ ...tags, geometry: new Point(fromLonLat([lon, lat])) })));
  }
  outlines(geojson: object): void {
    const features = new GeoJSON().readFeatures(geojson, { featureProjection: WORLD }) as Feature[];
    for (const feature of features) feature.setProperties({ layer: 'areas', level: 'street', outline: true });
    const source = this.outline.getSource() as VectorSource<Feature>;
    source.clear(true);
    source.addFeatures(features);
  }

  choose(cell: string): void {
    this.cell = cell;
    this.layers.get('cells')?.changed();
  }
  fly(lon: number, lat: number, zoom?: number, quick = false): void {
    const view = this.map.getView();
    const to = { center: fromLonLat([lon, lat]), zoom: zoom ?? Math.max(view.getZoom() ?? 0, 16) };
    if (quick || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      view.setCenter(to.center);
      view.setZoom(to.zoom);
    } else view.animate({ ...to, duration: 250 });
  }
  fit([west, south, east, north]: number[], padding = 16): void {
    this.map.getView().fit(transformExtent([west, south, east, north], 'EPSG:4326', WORLD), { padding: [padding, padding, padding, padding], maxZoom: 17 });
  }
  zoom(by: number): void {
    const view = this.map.getView();
    view.animate({ zoom: (view.getZoom() ?? 12) + by, duration: 150 });
  }
  // Where a place stands in the map's box, in pixels: tests and cards need it.
  pixel(lon: number, lat: number): number[] | null {
    return this.map.getPixelFromCoordinate(fromLonLat([lon, lat]));
  }
  resize(): void {
    this.map.updateSize();
  }
  close(): void {
    this.map.setTarget(undefined);
    this.map.dispose();
  }
}
