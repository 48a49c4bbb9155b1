import { find, listenToSearch } from "./find.ts";
import { listenToServer } from "./live.ts";
import { listenToShow, listenToTheme } from "./show.ts";
import { listenToSort, sort } from "./sort.ts";

// What the report does in a browser; without it the page is whole, and still.
document.documentElement.dataset["script"] = "";
listenToSearch();
listenToSort();
listenToShow();
listenToTheme();
listenToServer();
sort();
find();
