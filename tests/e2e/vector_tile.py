"""Reads a Mapbox vector tile as far as tests look into it."""
import math
import struct


def tile_of(lon, lat, z):
    n = 2 ** z
    return int((lon / 360 + 0.5) * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(key & 7) or varint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def numbers(data):
    at, out = 0, []
    while at < len(data):
        value, at = varint(data, at)
        out.append(value)
    return out


def signed(n):
    return (n >> 1) ^ -(n & 1)


def tag(data):
    (kind, value), = fields(data)
    return value.decode() if kind == 1 else struct.unpack("<d", value)[0] if kind == 3 else signed(value) if kind == 6 else bool(value) if kind == 7 else value


def points(geometry):
    out, x, y, left = [], 0, 0, iter(numbers(geometry))
    for command in left:
        if command & 7 == 7:
            continue
        for _ in range(command >> 3):
            x, y = x + signed(next(left)), y + signed(next(left))
            out.append((x, y))
    return out


def read_tile(data):
    """[{name, extent, features: [{kind, tags, points}]}]; points in the tile's pixels."""
    layers = []
    for number, body in fields(data):
        if number != 3:
            raise ValueError("no layer")
        keys, values, raw, layer = [], [], [], {"name": "", "extent": 4096, "features": []}
        for part, value in fields(body):
            if part == 1:
                layer["name"] = value.decode()
            elif part == 5:
                layer["extent"] = value
            elif part == 3:
                keys.append(value.decode())
            elif part == 4:
                values.append(tag(value))
            elif part == 2:
                raw.append(dict(fields(value)))
        for one in raw:
            tags = numbers(one.get(2, b""))
            layer["features"].append({"kind": one.get(3), "tags": {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])}, "points": points(one[4])})
        layers.append(layer)
    return layers
