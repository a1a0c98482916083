import { describePinLifecycle } from "./pinLifecycle";

describePinLifecycle("dynamic");
