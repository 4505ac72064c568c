export const SHAPES: Record<string, string> = { green: '●', yellow: '▲', red: '■' };
