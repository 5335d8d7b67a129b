import { TURNING_FIELDS } from "@mass_mailing_cadence/day/fresh_runs/fresh_runs";

// A sender that is held while its mails leave says so on the page that somebody is looking at. Its light is one column; its
// note is read with the whole run, when the light has changed, for it asks eight things of each sender.
TURNING_FIELDS.add("sender_light");
