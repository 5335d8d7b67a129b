import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** How many contacts are due on each day of the month, over all segments; a click begins the intake on that day. */
export class DayLoad extends Component {
    static template = "mass_mailing_cadence.DayLoad";
    static props = { ...standardFieldProps };

    get days() {
        const load = this.props.record.data[this.props.name] || [];
        const most = Math.max(1, ...load.map((row) => row.contacts));
        const lightest = this.getLightest(load);
        const start = this.props.record.data.start_date?.day;
        return load
            .map((row) => ({
                ...row,
                number: row.contacts.toLocaleString(),
                height: (100 * row.contacts) / most,
                isStart: row.day === (start === 31 ? 1 : start),
                isLightest: row.day === lightest,
            }))
            .map((row) => ({ ...row, title: this.getTitle(row) }));
    }

    getTitle({ day, number, isStart, isLightest }) {
        const notes = [`${day}: ${number}`];
        if (isStart) {
            notes.push(_t("Begins here"));
        }
        if (isLightest) {
            notes.push(_t("Lightest Day"));
        }
        return notes.join(" · ");
    }

    /** The next of the days with the fewest contacts, the one that “Lightest Day” takes. */
    getLightest(load) {
        const today = DateTime.local().day;
        const ahead = (row) => (row.day - today + 31) % 31;
        const [first] = [...load].sort(
            (one, two) => one.contacts - two.contacts || ahead(one) - ahead(two)
        );
        return first?.day;
    }

    /** The next such day of a month, today included. */
    startOn(day) {
        if (this.props.record.data.state !== "draft") {
            return;
        }
        let date = DateTime.local().startOf("day");
        while (date.day !== day) {
            date = date.plus({ days: 1 });
        }
        this.props.record.update({ start_date: date });
    }
}

registry.category("fields").add("cadence_day_load", {
    component: DayLoad,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "start_date", type: "date" },
        { name: "state", type: "selection" },
    ],
});
