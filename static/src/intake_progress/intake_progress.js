import { Component, onWillUnmount, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const POLL_MS = 1000;

/** The bar of an intake that the cron is saving; asks for news once a second until it is done. */
export class SavingProgress extends Component {
    static template = "mass_mailing_cadence.SavingProgress";
    static props = { ...standardFieldProps };

    setup() {
        useEffect(
            (isSaving) => {
                clearInterval(this.poll);
                if (isSaving) {
                    this.poll = setInterval(() => this.props.record.load(), POLL_MS);
                }
            },
            () => [this.props.record.data.state === "saving"]
        );
        onWillUnmount(() => clearInterval(this.poll));
    }

    get percent() {
        return Math.round(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("cadence_saving_progress", {
    component: SavingProgress,
    supportedTypes: ["float"],
    fieldDependencies: [{ name: "state", type: "selection" }],
});
