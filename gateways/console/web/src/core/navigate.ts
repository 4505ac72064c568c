// Handing a place over to a map app. Ours is CGCS2000 (WGS 84 within half a metre); China's map apps want GCJ-02, 100 to 700 m away, so
// it is converted here, at the edge, and never kept.
export interface Place {
  lon: number;
  lat: number;
  name: string;
}

// The known approximation of the shift, on the Krasovsky ellipsoid; outside China nothing is shifted. Checked against gcoord in the tests.
const A = 6378245;
const EE = 0.006693421622965823;
const { PI, sin, cos, sqrt, abs } = Math;

function shift(x: number, y: number): [number, number] {
  const common = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const lat =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common +
    ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 + ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const lon =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common +
    ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  return [lon, lat];
}

export function gcj02(lon: number, lat: number): [number, number] {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lon, lat];
  const [east, north] = shift(lon - 105, lat - 35);
  const rad = (lat * PI) / 180;
  const magic = 1 - EE * sin(rad) ** 2;
  return [lon + (east * 180) / ((A / sqrt(magic)) * cos(rad) * PI), lat + (north * 180) / (((A * (1 - EE)) / (magic * sqrt(magic))) * PI)];
}

export function mapLinks(place: Place): { app: string; url: string }[] {
  const [lon, lat] = gcj02(place.lon, place.lat).map((n) => n.toFixed(6));
  const ask = (values: Record<string, string>) => new URLSearchParams(values);
  return [
    { app: 'map_amap', url: `https://uri.amap.com/marker?${ask({ position: `${lon},${lat}`, name: place.name, src: 'wangge', coordinate: 'gaode', callnative: '1' })}` },
    { app: 'map_baidu', url: `https://api.map.baidu.com/marker?${ask({ location: `${lat},${lon}`, title: place.name, content: place.name, output: 'html', coord_type: 'gcj02', src: 'wangge' })}` },
    { app: 'map_tencent', url: `https://apis.map.qq.com/uri/v1/marker?${ask({ marker: `coord:${lat},${lon};title:${place.name}`, referer: 'wangge' })}` },
  ];
}
