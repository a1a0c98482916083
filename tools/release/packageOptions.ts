/** Where packages are made of what. */
export interface PackageOptions {
  /** The stamped and built copy of the source. */
  readonly source: string;
  readonly version: string;
  /** The time of all files. */
  readonly date: Date;
  /** Where downloads are kept. */
  readonly cache: string;
  /** An existing folder for temporary files. */
  readonly scratch: string;
  /** The folder for the packages. */
  readonly out: string;
}
