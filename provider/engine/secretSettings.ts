import { config } from "../schema.json";
import { SETTING_NAMES, type SettingName } from "../ucloud/settingSources";

const variables: Readonly<Record<SettingName, { readonly type: string; readonly secret?: boolean }>> =
  config.variables;

/** The settings that the schema marks as secret. Users should set them with `--secret`. */
export const SECRET_SETTINGS: readonly SettingName[] = SETTING_NAMES.filter((name) => variables[name].secret);
