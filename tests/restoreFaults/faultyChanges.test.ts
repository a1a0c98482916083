import { describeFaults } from "./describeFaults";
import { tableParts } from "./faultTable";

describeFaults("changes", tableParts.changes);
