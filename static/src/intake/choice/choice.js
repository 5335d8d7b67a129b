import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** One of the choices that another field of the record has: {taken, options: [{value, label, sample}]}. */
export class Choice extends Component {
    static template = "mass_mailing_cadence.Choice";
    static props = { ...standardFieldProps, choices: String };

    get options() {
        return this.choices.options || [];
    }

    get choices() {
        return this.props.record.data[this.props.choices] || {};
    }

    get value() {
        return this.props.record.data[this.props.name] || this.choices.taken;
    }

    select(value) {
        this.props.record.update({ [this.props.name]: value });
    }
}

registry.category("fields").add("cadence_choice", {
    component: Choice,
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({ choices: options.choices }),
});
