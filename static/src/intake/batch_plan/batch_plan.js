import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Which ranks of an intake go into which batch, and how many addresses that makes. */
export class BatchPlan extends Component {
    static template = "mass_mailing_cadence.BatchPlan";
    static props = { ...standardFieldProps };

    get rows() {
        const plan = this.props.record.data[this.props.name] || [];
        const most = Math.max(1, ...plan.map((row) => row.count));
        return plan.map((row) => ({
            ...row,
            label: String(row.batch).padStart(2, "0"),
            ranks: row.first
                ? row.first === row.last
                    ? `${row.first}`
                    : `${row.first}–${row.last}`
                : "–",
            number: row.count.toLocaleString(),
            companyNumber: row.companies.toLocaleString(),
            width: (100 * row.count) / most,
        }));
    }
}

registry.category("fields").add("cadence_batch_plan", {
    component: BatchPlan,
    supportedTypes: ["json"],
});
