import { describeFaults } from "./describeFaults";
import { tableParts } from "./faultTable";

describeFaults("creations", tableParts.creations);
