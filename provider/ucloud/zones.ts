/** Whether a zone's name says that it is in a region: `cn-bj2-02` is in `cn-bj2`. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(`${region}-`);
}
