import { describePinLifecycle } from "./pinLifecycle";

describePinLifecycle("plugin");
