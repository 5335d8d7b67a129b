import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime, today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { groupBy } from "@web/core/utils/arrays";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const PAGE = 30;
const MOST = 200; // what the server gives at once

const KINDS = {
    touch: { icon: "fa-paper-plane", look: "text-bg-primary", filter: "mails" },
    deferred: { icon: "fa-clock-o", look: "text-bg-warning", filter: "mails" },
    excluded: { icon: "fa-ban", look: "text-bg-secondary", filter: "mails" },
    open: { icon: "fa-envelope-open-o", look: "text-bg-info", filter: "reactions" },
    machine_open: { icon: "fa-cogs", look: "text-bg-secondary", filter: "reactions" },
    click: { icon: "fa-mouse-pointer", look: "text-bg-info", filter: "reactions" },
    reply: { icon: "fa-reply", look: "text-bg-success", filter: "reactions" },
    auto_reply: { icon: "fa-magic", look: "text-bg-secondary", filter: "reactions" },
    bounce: { icon: "fa-exclamation-triangle", look: "text-bg-danger", filter: "reactions" },
    tag: { icon: "fa-tag", look: "text-bg-primary", filter: "decisions" },
    undone: { icon: "fa-undo", look: "text-bg-secondary", filter: "decisions" },
    note: { icon: "fa-sticky-note-o", look: "text-bg-secondary", filter: "decisions" },
};

/** All that happened with a contact, newest first: mails, what became of them, and decisions that can be taken back. */
export class CadenceTimeline extends Component {
    static template = "mass_mailing_cadence.CadenceTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            entries: [],
            filter: "all",
            hasMore: false,
            isLoaded: false,
            isLoading: false,
            isUndoing: false,
        });
        this.kinds = KINDS;
        useRecordObserver((record) => {
            record.data[this.props.name]; // read, so that a save or a button that loads the record brings the news
            if (record.resId !== this.resId || !record.resId) {
                this.resId = record.resId;
                Object.assign(this.state, { entries: [], hasMore: false, isLoaded: false });
            }
            this.load(); // not awaited: the form need not wait for it
        });
    }

    get figures() {
        const { counts } = this.props.record.data[this.props.name] || {};
        if (!counts || !this.props.record.resId) {
            return [];
        }
        return [
            { name: "mailed", label: _t("Mailed"), icon: "fa-paper-plane text-primary" },
            { name: "opened", label: _t("Opened"), icon: "fa-envelope-open-o text-info" },
            { name: "clicked", label: _t("Clicked"), icon: "fa-mouse-pointer text-info" },
            { name: "replied", label: _t("Replied"), icon: "fa-reply text-success" },
        ].map((figure) => ({ ...figure, number: (counts[figure.name] || 0).toLocaleString() }));
    }

    get filters() {
        return [
            { name: "all", label: _t("All") },
            { name: "mails", label: _t("Mails") },
            { name: "reactions", label: _t("Reactions") },
            { name: "decisions", label: _t("Decisions") },
        ];
    }

    get days() {
        const { entries, filter } = this.state;
        const shown = entries.filter(
            (entry) => filter === "all" || KINDS[entry.kind]?.filter === filter
        );
        return Object.entries(groupBy(shown, "day")).map(([label, entries]) => ({
            label,
            entries,
        }));
    }

    /** From the offset on; without one everything shown anew, so that nobody loses the place after an undo. */
    async load(offset = 0) {
        const limit = offset ? PAGE : Math.min(Math.max(this.state.entries.length, PAGE), MOST);
        this.state.isLoading = true;
        try {
            const { entries, more } = await this.keepLast.add(
                this.resId
                    ? this.orm.call("res.partner", "get_cadence_timeline", [[this.resId]], {
                          offset,
                          limit,
                      })
                    : Promise.resolve({ entries: [], more: false })
            );
            const shown = new Set(offset ? this.state.entries.map((entry) => entry.key) : []);
            // What came meanwhile has moved the older ones into the next page.
            const fresh = entries
                .filter((entry) => !shown.has(entry.key))
                .map((entry) => this.prepareEntry(entry));
            this.state.entries = offset ? [...this.state.entries, ...fresh] : fresh;
            this.state.hasMore = more;
            this.state.isLoaded = true;
        } finally {
            this.state.isLoading = false;
        }
    }

    prepareEntry(entry) {
        const date = deserializeDateTime(entry.date);
        const daysAgo = Math.round(today().diff(date.startOf("day"), "days").days);
        const day =
            { 0: _t("Today"), 1: _t("Yesterday") }[daysAgo] ||
            date.toLocaleString(DateTime.DATE_FULL);
        return {
            ...entry,
            day: day.toString(),
            time: date.toLocaleString(DateTime.TIME_SIMPLE),
            moment: formatDateTime(date),
        };
    }

    open(entry) {
        this.action.doAction(entry.action);
    }

    async undo(entry) {
        const { record } = this.props;
        this.state.isUndoing = true;
        try {
            // Loading the record would lose what has been typed into it.
            if (await record.save()) {
                await this.orm.call("cadence.journal", "action_undo", [[entry.undo_id]]);
                Object.assign(entry, { undo_id: false, is_undone: true });
                await record.load(); // whose news the observer follows
            }
        } finally {
            this.state.isUndoing = false;
        }
    }
}

registry.category("fields").add("cadence_timeline", {
    component: CadenceTimeline,
    supportedTypes: ["json"],
});
