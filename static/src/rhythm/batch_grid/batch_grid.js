import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** The batches of a segment as a grid: number, contacts, and how full a batch is beside the fullest one. */
export class BatchGrid extends Component {
    static template = "mass_mailing_cadence.BatchGrid";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get groups() {
        return (this.props.record.data[this.props.name] || []).map((group) => {
            const most = Math.max(1, ...group.batches.map((batch) => batch.contacts));
            return {
                ...group,
                total: group.batches
                    .reduce((sum, batch) => sum + batch.contacts, 0)
                    .toLocaleString(),
                batches: group.batches.map((batch) => ({
                    ...batch,
                    label: String(batch.number).padStart(2, "0"),
                    fill: (100 * batch.contacts) / most,
                    count: batch.contacts ? batch.contacts.toLocaleString() : "–",
                    title: batch.due
                        ? _t("Next mail: %s", formatDate(DateTime.fromISO(batch.due)))
                        : "",
                })),
            };
        });
    }

    async open(batch) {
        if (batch.tag_id && batch.contacts) {
            const action = await this.orm.call("cadence.segment", "action_open_tag", [
                [this.props.record.resId],
                batch.tag_id,
            ]);
            this.action.doAction(action);
        }
    }
}

registry.category("fields").add("cadence_batch_grid", {
    component: BatchGrid,
    supportedTypes: ["json"],
});
