import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A letter as its reader sees it, small. The frame runs no scripts and reaches no page around it. */
export class LetterThumbnail extends Component {
    static template = "mass_mailing_cadence.LetterThumbnail";
    static props = { ...standardFieldProps };

    get html() {
        return String(this.props.record.data[this.props.name] || "");
    }
}

registry.category("fields").add("cadence_letter_thumbnail", {
    component: LetterThumbnail,
    supportedTypes: ["html"],
});

/** The whole letter, in the size in which its reader sees it. */
export class LetterPage extends LetterThumbnail {
    static template = "mass_mailing_cadence.LetterPage";
}

registry.category("fields").add("cadence_letter_page", {
    component: LetterPage,
    supportedTypes: ["html"],
});
