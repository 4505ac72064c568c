// Handing a place over to a map app. Ours is CGCS2000 (WGS 84 within half a metre); China's map apps want GCJ-02, 100 to 700 m away, so
// it is converted here, at the edge, and never kept.
import gcoord from 'gcoord';

export interface Place {
  lon: number;
  lat: number;
  name: string;
}

export function gcj02(lon: number, lat: number): [number, number] {
  return gcoord.transform([lon, lat], gcoord.WGS84, gcoord.GCJ02) as [number, number];
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
